"""What a timeline is made of, and how it says who did it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from orders.life.models import Source

INFORMATION, MONEY, GOODS = "information", "money", "goods"
LANES = (INFORMATION, MONEY, GOODS)


@dataclass(frozen=True)
class Moment:
    """Something that happened, in its lane. The names are those of `components/timeline.html`.

    ``by``: who, and from where. ``is_public``: the shopper may see its title (``said`` where they use
    another word) and ``told``, no more.
    """

    at: dt.datetime
    lane: str
    title: str
    note: str = ""
    by: str = ""
    tone: str = ""
    is_public: bool = False
    said: str = ""
    told: str = ""


def who(user: Any) -> str:
    return (user.get_full_name() or user.email) if user else ""


def by_from(person: str, source: str) -> str:
    """Who, and from where."""
    where = str(Source(source).label) if source else ""
    return " · ".join(part for part in (person, where) if part)
