"""The queue of opinions: read, decide, answer; one by one or many at once."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.vary import vary_on_headers

from catalog.opinions.dashboard import selectors
from catalog.opinions.dashboard.forms import BulkForm, DecisionForm, QueueFilterForm, ReplyForm
from catalog.opinions.dashboard.selectors import Item
from catalog.opinions.exceptions import AlreadyDecided
from catalog.opinions.models import Action, Kind, Reason, State
from catalog.opinions.services import moderation
from catalog.opinions.services.questions import answer_by_shop
from shop.core.office import may

PAGE_SIZE = 20
BULK_AT_MOST = 100
VIEW_NAMES = {
    "todo": gettext_lazy("To read"),
    "reviews": gettext_lazy("Reviews"),
    "photos": gettext_lazy("Photos"),
    "questions": gettext_lazy("Questions"),
    "answers": gettext_lazy("Answers"),
    "unanswered": gettext_lazy("Without an answer"),
    "reported": gettext_lazy("Reported"),
    "all": gettext_lazy("All"),
}
EMPTY = {
    "unanswered": gettext_lazy("Every question has an answer."),
    "reported": gettext_lazy("Nobody complains about anything."),
    "all": gettext_lazy("What people write stands here, the newest first."),
}


def opinion_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEW_NAMES else "todo"
    form = QueueFilterForm(request.GET or None)
    rows = selectors.queue(view=view, **(form.criteria() if form.is_bound else {}))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = selectors.view_counts()
    link = reverse("dashboard:opinion-list")
    items = selectors.items_read([(kind, pk) for kind, pk, _at in page.object_list])
    context = {
        "form": form,
        "keep": {"view": view},
        "view": view,
        "page_obj": page,
        "items": items,
        "has_waiting": any(item.is_pending for item in items),
        "tabs": [
            {
                "name": name,
                "url": f"{link}?view={code}",
                "is_current": code == view,
                "count": counts.get(code, "") if code != "all" else "",
            }
            for code, name in VIEW_NAMES.items()
        ],
        "empty": EMPTY.get(
            view, _("Everything is read. New texts come here before they are shown.")
        ),
        "reasons": Reason.choices,
        **_rights(request),
    }
    return render(request, "opinions/office/list.html", context)


def opinion_detail(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """One text with all that happened to it."""
    item = _item(kind, pk)
    context = {
        "item": item,
        "entries": [_entry(entry) for entry in selectors.story_of(item)],
        "reasons": Reason.choices,
        "is_alone": True,
        **_rights(request),
    }
    return render(request, "opinions/office/detail.html", context)


@vary_on_headers("HX-Request")
def opinion_decide(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Show or hide. The second of two moderators learns who was first."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        return _answer(request, kind, pk, problem=first, status=422)
    data = form.cleaned_data
    try:
        moderation.decide(
            kind=kind,
            pk=int(pk),
            state=data["state"],
            seen=data["seen"],
            actor=request.user,
            reason=data["reason"],
            text=data["note"],
            version=data["version"],
        )
    except AlreadyDecided as late:
        return _answer(request, kind, pk, problem=_late(late), status=409)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    said = _("It is shown now.") if data["state"] == State.APPROVED else _("It is not shown.")
    return _answer(request, kind, pk, said=said)


@vary_on_headers("HX-Request")
def opinion_reply(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """The shop's word under a review, or its answer to a question."""
    if kind not in (Kind.REVIEW, Kind.QUESTION):
        raise Http404
    is_question = kind == Kind.QUESTION
    form = ReplyForm(request.POST, is_question=is_question)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        typed = request.POST.get("text", "")
        return _answer(request, kind, pk, problem=first, status=422, typed=typed)
    text = form.cleaned_data["text"]
    try:
        if is_question:
            answer_by_shop(actor=request.user, question_id=int(pk), text=text)
        else:
            moderation.reply_set(review_id=int(pk), text=text, actor=request.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    said = _("Your answer is on the page.") if text else _("Your words are taken away.")
    return _answer(request, kind, pk, said=said)


@vary_on_headers("HX-Request")
def opinion_reports_close(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """It was reported and is fine."""
    try:
        is_new = moderation.reports_close(kind=kind, pk=int(pk), actor=request.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not is_new:
        return _answer(request, kind, pk, problem=_("Somebody has read it already."), status=409)
    return _answer(request, kind, pk, said=_("It stays as it is."))


def opinion_bulk(request: HttpRequest) -> HttpResponse:
    """Decide all that are ticked; those that others decided meanwhile stay as they are."""
    form = BulkForm(request.POST)
    keys = [key for one in request.POST.getlist("item")[:BULK_AT_MOST] if (key := _key(one))]
    back = redirect(f"{reverse('dashboard:opinion-list')}?view={_view_of(request)}")
    if not keys:
        messages.info(request, _("Nothing was ticked."))
        return back
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return back
    outcome = moderation.decide_many(
        keys=keys,
        state=form.cleaned_data["action"],
        actor=request.user,
        reason=form.cleaned_data["reason"],
    )
    if outcome.done:
        text = ngettext("%(number)d is decided.", "%(number)d are decided.", outcome.done)
        messages.success(request, text % {"number": outcome.done})
    for late in outcome.late[:5]:
        messages.warning(request, _late(late))
    return back


def _view_of(request: HttpRequest) -> str:
    view = request.POST.get("view", "")
    return view if view in VIEW_NAMES else "todo"


TICKET = re.compile(rf"({'|'.join(Kind.values)})-([0-9]{{1,18}})-([0-9]{{1,4}})")


def _key(text: str) -> tuple[str, int, int] | None:
    """``review-12-0``: kind, id and the version that was read; None for anything else."""
    ticket = TICKET.fullmatch(text)
    return (ticket[1], int(ticket[2]), int(ticket[3])) if ticket else None


def _item(kind: str, pk: str) -> Item:
    item = selectors.item_read(kind, int(pk))
    if item is None:
        raise Http404
    return item


def _answer(
    request: HttpRequest,
    kind: str,
    pk: str,
    *,
    said: str = "",
    problem: str = "",
    status: int = 200,
    typed: str = "",
) -> HttpResponse:
    """The fresh card for htmx; else a message, on the page from which it was decided.

    A photo that was hidden from its review's card is answered with that card.
    """
    if kind == Kind.PHOTO and request.POST.get("card") == "parent":
        kind, parent_pk = _item(kind, pk).parent or (kind, int(pk))
        pk = str(parent_pk)
    if request.headers.get("HX-Request") == "true":
        context: dict[str, Any] = {
            "item": _item(kind, pk),
            "said": said,
            "problem": problem,
            "typed": typed,
            "reasons": Reason.choices,
            "is_alone": request.POST.get("alone") == "1",
            **_rights(request),
        }
        return render(request, "opinions/office/_item.html", context, status=status)
    if problem:
        messages.warning(request, problem)
    else:
        messages.success(request, said)
    if request.POST.get("alone") == "1" or problem:
        return redirect("dashboard:opinion-detail", kind=kind, pk=pk)
    return redirect(f"{reverse('dashboard:opinion-list')}?view={_view_of(request)}")


def _rights(request: HttpRequest) -> dict[str, bool]:
    user = request.user
    return {
        "may_decide": may(user, "opinion-decide", "POST"),
        "may_reply": may(user, "opinion-reply", "POST"),
        "may_see_people": may(user, "user-detail"),
    }


def _late(late: AlreadyDecided) -> str:
    what = State(late.state).label
    if not late.by:
        return _("It was changed meanwhile: %(state)s.") % {"state": what}
    at = date_format(timezone.localtime(late.at), "SHORT_DATETIME_FORMAT") if late.at else ""
    facts = {"state": what, "name": late.by, "at": at}
    return _("Already decided by %(name)s on %(at)s: %(state)s.") % facts


TONES = {
    Action.APPROVED: "good",
    Action.REJECTED: "hot",
    Action.REPORTED: "warn",
    Action.REPLIED: "info",
}


def _entry(entry: Any) -> dict[str, Any]:
    """As `components/timeline.html` takes it."""
    words = [entry.get_reason_display() if entry.reason else "", entry.note]
    actor = entry.actor
    return {
        "title": entry.get_action_display(),
        "at": entry.at,
        "by": (actor.get_full_name() or actor.email) if actor else "",
        "note": " · ".join(str(word) for word in words if word),
        "tone": TONES.get(entry.action, ""),
    }
