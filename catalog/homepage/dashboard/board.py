"""The home page on the desk: its blocks in order, what readers have, and how it will look."""

import datetime as dt
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.homepage import selectors, services
from catalog.homepage.dashboard.forms import VERSION_MOST
from catalog.homepage.dashboard.kinds import KINDS
from catalog.homepage.dashboard.preview import PreviewForm
from catalog.homepage.exceptions import ChangedMeanwhile, HomeRefused
from catalog.homepage.models import Block, Edition
from shop.core.office import may

MAX_ID = 2**63 - 1
IDS_AT_MOST = 200
HISTORY = 8  # editions that are named


def home_board(request: HttpRequest) -> HttpResponse:
    return _board(request)


def home_arrange(request: HttpRequest) -> HttpResponse:
    """The blocks in the order in which they were dropped."""
    ids = [int(one) for one in request.POST.getlist("block")[:IDS_AT_MOST] if _is_number(one)]
    return _done(request, lambda: services.blocks_arrange(ids, seen=_seen(request)))


def block_move(request: HttpRequest, pk: int) -> HttpResponse:
    step = -1 if request.POST.get("to") == "up" else 1
    return _done(request, lambda: services.block_move(pk=min(pk, MAX_ID), step=step))


def block_show(request: HttpRequest, pk: int) -> HttpResponse:
    is_shown = request.POST.get("show") == "1"
    return _done(
        request,
        lambda: services.block_show(pk=min(pk, MAX_ID), is_shown=is_shown, user_id=request.user.pk),
    )


def home_publish(request: HttpRequest) -> HttpResponse:
    return _done(
        request,
        lambda: services.home_publish(seen=_seen(request), user_id=request.user.pk),
        said=_("Published. Readers see it from now on."),
    )


def home_reset(request: HttpRequest) -> HttpResponse:
    """The draft becomes an edition of before, or the home page of a new shop."""
    wanted = request.POST.get("edition", "")
    edition = Edition.objects.filter(pk=int(wanted)).first() if _is_number(wanted) else None
    if edition is None and wanted != "usual":
        messages.error(request, _("There is no such edition any more."))
        return redirect("dashboard:home-board")
    return _done(
        request,
        lambda: services.draft_reset(edition=edition, seen=_seen(request), user_id=request.user.pk),
        said=_("It lies on the board again. Readers see it once it is published."),
    )


def _done(request: HttpRequest, change: Any, *, said: str = "") -> HttpResponse:
    """Run ``change``: a fresh board for htmx, a redirect for plain HTML; 409 and 422 with words."""
    status, problem = 200, ""
    try:
        change()
    except ChangedMeanwhile:
        status = 409
        problem = _("Somebody else changed the board meanwhile. Nothing was written; look again.")
    except HomeRefused as refusal:
        status, problem = 422, refusal.message
    if request.headers.get("HX-Request"):
        template = "homepage/office/_board.html"
        return render(request, template, board_context(request, problem, said), status=status)
    if problem:
        return _board(request, problem=problem, status=status)
    if said:
        messages.success(request, said)
    return redirect("dashboard:home-board")


@csp_update({"frame-src": [SELF]})
def _board(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = board_context(request, problem)
    return render(request, "homepage/office/board.html", context, status=status)


def board_context(request: HttpRequest, problem: str = "", said: str = "") -> dict[str, Any]:
    now = timezone.now()
    board = selectors.board()
    blocks = selectors.draft_blocks()
    editions = list(Edition.objects.select_related("published_by")[:HISTORY])
    return {
        "board": board,
        "rows": [_row(one, now) for one in blocks],
        "now": now,
        "problem": problem,
        "said": said,
        "editions": editions,
        "is_new": board.version != board.published or not editions,
        "kinds": KINDS,
        "preview_form": PreviewForm(),
        "may_add": may(request.user, "home-block-add"),
        "may_change": may(request.user, "home-arrange", "POST"),
    }


def _row(block: Block, now: dt.datetime) -> dict[str, Any]:
    kind, ends = KINDS[block.kind], block.ends()
    return {
        "block": block,
        "kind": kind,
        "is_named": str(block) != kind.name,
        "over": ends is not None and ends <= now,
    }


def _seen(request: HttpRequest) -> int:
    """The board's version on the screen; -1, which no board has, for nonsense."""
    text = request.POST.get("seen", "")
    return min(int(text), VERSION_MOST) if _is_number(text) else -1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
