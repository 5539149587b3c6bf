"""Blocks that are for some, and the notice that somebody may have closed."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from catalog.delivery import delivery_promised
from catalog.homepage.cookies import CLOSED, closed_marks
from catalog.homepage.links import link_shown
from catalog.homepage.reading import home_shown
from catalog.homepage.selectors import (
    STRANGER,
    home_blocks,
    notices_next_change,
    notices_running,
    viewer_of,
)
from shop.core.dates import day_shown
from shop.core.fragments import fragment, fragment_filled
from shop.core.money import shown
from shop.core.pagecache import until
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown, visitor_slots


@dataclass(frozen=True)
class NoticeLine:
    """As `homepage/_notice.html` shows it. ``closes``: its key, 0 where it cannot be closed."""

    text: str
    tone: str
    url: str
    closes: int


def block_shown(request: HttpRequest | None, key: str) -> str:
    """The block for some whose key is ``key``; empty for those whom it is not for.

    No query for a stranger unless the block shows goods.
    """
    blocks = [one for one in home_blocks() if str(one.key) == key]
    viewer = viewer_of(getattr(request, "user", None), blocks) if request else STRANGER
    shown = home_shown(blocks, viewer=viewer, is_page=False)
    return "".join(part_shown(one.template, request, one=one) for one in shown)


def notice_shown(
    request: HttpRequest | None, otherwise: str = "", closed: Collection[str] | None = None
) -> str:
    """The first notice that this reader did not close, else ``otherwise`` or the usual parcel. No query.

    ``closed``: marks of those that do not count, left out those of the reader's cookie.
    """
    closed = closed_marks(request) if closed is None else closed
    until(notices_next_change())
    open_ones = (
        one for one in notices_running() if not one.can_be_closed or one.mark not in closed
    )
    notice = next(open_ones, None)
    if notice is None:
        text = otherwise or _delivery_line()
        values = {"notice": None, "otherwise": text}
        return fragment("homepage/_notice.html", values) if text else ""
    line = NoticeLine(
        str(notice.text),
        str(notice.tone),
        link_shown(notice.link) if notice.link else "",
        notice.pk if notice.can_be_closed else 0,
    )
    slots = visitor_slots(request if notice.can_be_closed else None)
    return fragment_filled("homepage/_notice.html", {"notice": line, "otherwise": ""}, slots)


def _delivery_line() -> str:
    """What the usual parcel takes; nothing when it is never free."""
    promise = delivery_promised()
    if promise is None or promise.free_from is None:
        return ""
    language = get_language() or "en"
    amount = shown(promise.free_from, promise.currency, language).removesuffix(".00")
    return gettext("Free delivery from %(amount)s · arrives by %(day)s") % {
        "amount": amount,
        "day": day_shown(promise.last_day, language),
    }


def register() -> None:
    hole_register("home-block", block_shown, is_members=True, is_packed=True)
    hole_register("notice", notice_shown, cookies=(CLOSED,))
