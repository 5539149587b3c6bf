"""Reading the home page and the notices. What is published costs no query while it is kept."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.content.models import Article
from catalog.content.selectors import articles_shown
from catalog.homepage.models import Audience, Block, Board, Edition, Notice, Timed
from catalog.homepage.usual import usual_blocks
from catalog.pictures.selectors import with_picture
from shop.core.nearby import Nearby

HOME = "home"  # tag of the kept home page
KEPT_SECONDS = 60  # a change is seen at once; this is for what went past the services


@dataclass(frozen=True)
class Viewer:
    """For whom blocks are chosen. ``groups``: keys of the customer groups somebody is in."""

    is_member: bool = False
    groups: frozenset[int] = field(default_factory=frozenset)

    def sees(self, block: Block) -> bool:
        match block.audience:
            case Audience.GUESTS:
                return not self.is_member
            case Audience.MEMBERS:
                return self.is_member
            case Audience.GROUP:
                return block.group_id in self.groups
        return True


STRANGER = Viewer()


def viewer_of(user: Any, blocks: Iterable[Block]) -> Viewer:
    """One query, only if somebody is signed in and one of ``blocks`` is for a group."""
    if user is None or not user.is_authenticated:
        return STRANGER
    is_asked = any(block.audience == Audience.GROUP for block in blocks)
    groups = user.groups.values_list("pk", flat=True) if is_asked else ()
    return Viewer(is_member=True, groups=frozenset(groups))


def board() -> Board:
    return Board.objects.first() or Board(pk=1)


def draft_blocks() -> list[Block]:
    """All blocks of the draft in their order, with their pictures' facts and what they
    are about. One query.
    """
    return list(_rows(edition=None).select_related("collection", "article", "group"))


def home_blocks() -> list[Block]:
    """All blocks of what is published, in their order. No query while they are kept."""
    return _published.get()


def _home_read() -> list[Block]:
    latest = Edition.objects.values_list("pk", flat=True).first()
    return list(_rows(edition=latest)) if latest is not None else usual_blocks()


def _rows(**wanted: Any) -> QuerySet[Block]:
    rows = with_picture(Block.objects.filter(**wanted), "picture")
    return rows.order_by("position", "pk")


_published = Nearby("homepage.blocks", _home_read, seconds=KEPT_SECONDS, by_language=False)


def notices_running() -> list[Notice]:
    """Those whose time it is, the first one first. No query while they are kept."""
    moment = timezone.now()
    return [one for one in _notices.get() if one.is_shown_at(moment)]


def notices_next_change() -> dt.datetime | None:
    """When a notice appears or ends by itself. No query while they are kept."""
    return next_change(_notices.get())


def _notices_read() -> list[Notice]:
    now = timezone.now()
    rows = Notice.objects.filter(Q(shown_until=None) | Q(shown_until__gt=now), is_shown=True)
    return list(rows.order_by("position", "pk"))


_notices = Nearby("homepage.notices", _notices_read, seconds=KEPT_SECONDS, by_language=False)


def next_change(rows: Iterable[Timed]) -> dt.datetime | None:
    """The next moment at which one of them appears or ends by itself, or None."""
    now = timezone.now()
    return min((one for row in rows for one in row.changes_after(now)), default=None)


def articles_at(ids: Iterable[int], *, moment: dt.datetime | None) -> dict[int, Article]:
    """Guides that readers see then, by key, with their ``links`` to products. Two queries."""
    rows = articles_shown(moment=moment).filter(pk__in=list(ids))
    return {one.pk: one for one in rows.prefetch_related("links")}
