"""The kinds of blocks as the desk offers them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.homepage.models import Kind


@dataclass(frozen=True)
class KindFacts:
    """``icon``: of the sprite; ``about``: what a block of this kind shows, in a sentence."""

    code: str
    icon: str
    about: Any

    @property
    def name(self) -> str:
        return str(Kind(self.code).label)


_ROWS = (
    (Kind.HERO, "star", _("A title, a sentence and buttons beside a picture or four things.")),
    (Kind.COLLECTION, "tag", _("The first four things of a collection.")),
    (Kind.TILES, "store", _("Departments as small pictures, all or those that you choose.")),
    (Kind.GUIDE, "edit", _("One guide with the things it is about, or the latest three.")),
    (Kind.COUNTDOWN, "clock", _("What ends and when; it disappears by itself.")),
    (Kind.TEXT, "info", _("Your own words, with headings, links and things in them.")),
    (Kind.POPULAR, "chart", _("What sells best just now.")),
    (Kind.CHOSEN, "check", _("The best of each department that can be bought.")),
    (Kind.NEWEST, "box", _("What came last.")),
    (Kind.YOURS, "account", _("What the visitor looked at, and what follows from it.")),
)
KINDS: dict[str, KindFacts] = {
    kind.value: KindFacts(kind.value, icon, about) for kind, icon, about in _ROWS
}
