"""The reviews of a product in figures, and what narrows them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

STARS = (5, 4, 3, 2, 1)
LANGUAGES = {"en": _("In English"), "zh-hans": _("In Chinese")}

SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "helpful": (_("Most helpful"), ("-delta_votes", "-total_votes", "-date_created", "-pk")),
    "newest": (_("Newest first"), ("-date_created", "-pk")),
    "highest": (_("Most stars first"), ("-score", "-delta_votes", "-date_created", "-pk")),
    "lowest": (_("Fewest stars first"), ("score", "-delta_votes", "-date_created", "-pk")),
}


@dataclass(frozen=True)
class ReviewFilters:
    """What narrows the reviews of one product; unreadable words in an address are left out."""

    stars: int = 0
    photos: bool = False
    verified: bool = False
    language: str = ""
    sort: str = "helpful"

    @classmethod
    def parse(cls, query: Any) -> "ReviewFilters":
        stars, language, sort = (query.get(name, "") for name in ("stars", "language", "sort"))
        return cls(
            stars=int(stars) if stars in {"1", "2", "3", "4", "5"} else 0,
            photos=query.get("photos") == "1",
            verified=query.get("verified") == "1",
            language=language if language in LANGUAGES else "",
            sort=sort if sort in SORTS else "helpful",
        )

    def query(self, **changes: Any) -> str:
        """The address part of these filters with ``changes``; the usual order stays unsaid."""
        values = {**self.__dict__, **changes}
        if values["sort"] == "helpful":
            values["sort"] = ""
        pairs = [
            f"{name}={int(v) if isinstance(v, bool) else v}" for name, v in values.items() if v
        ]
        return "?" + "&".join(pairs) if pairs else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.stars or self.photos or self.verified or self.language)

    def allows(self, row: "Group", *, without: str = "") -> bool:
        """Whether a review of this group is shown, one filter left aside."""
        return (
            (without == "stars" or self.stars in (0, row.score))
            and (without == "photos" or not self.photos or row.has_photo)
            and (without == "verified" or not self.verified or row.is_verified)
            and (without == "language" or self.language in ("", row.language))
        )


@dataclass(frozen=True)
class Group:
    """Shown reviews that are alike in everything that filters ask, and how many they are."""

    score: int
    language: str
    is_verified: bool
    has_photo: bool
    number: int


@dataclass
class Summary:
    """All reviews of a product in figures. Counts follow the filters, but for their own one."""

    groups: list[Group] = field(default_factory=list)
    filters: ReviewFilters = field(default_factory=ReviewFilters)

    @property
    def total(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def rating(self) -> float | None:
        total = self.total
        return sum(group.score * group.number for group in self.groups) / total if total else None

    @property
    def found(self) -> int:
        return sum(group.number for group in self.groups if self.filters.allows(group))

    @property
    def has_photos(self) -> bool:
        return any(group.has_photo for group in self.groups)

    def counted(self, name: str) -> Counter:
        """How many there would be for each value of one filter, the others as they are."""
        attribute = {"stars": "score", "photos": "has_photo", "verified": "is_verified"}
        counts: Counter = Counter()
        for group in self.groups:
            if self.filters.allows(group, without=name):
                counts[getattr(group, attribute.get(name, name))] += group.number
        return counts

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The histogram; each bar is a link, the one that is on takes its filter away."""
        counts = self.counted("stars")
        total = sum(counts.values())
        return [
            {
                "stars": stars,
                "count": counts[stars],
                "total": total,
                "is_on": self.filters.stars == stars,
                "query": self.filters.query(stars=0 if self.filters.stars == stars else stars),
            }
            for stars in STARS
        ]

    @property
    def chips(self) -> list[dict[str, Any]]:
        """The other filters that change something here."""
        chips = [
            self._chip("photos", _("With photos"), self.counted("photos")[True]),
            self._chip("verified", _("Verified purchases"), self.counted("verified")[True]),
        ]
        languages = self.counted("language")
        if len({group.language for group in self.groups}) > 1:
            chips += [
                self._chip("language", name, languages[code], code)
                for code, name in LANGUAGES.items()
            ]
        return [chip for chip in chips if chip["count"] or chip["is_on"]]

    def _chip(self, name: str, label: Any, count: int, value: Any = True) -> dict[str, Any]:
        is_on = getattr(self.filters, name) == value
        off: Any = "" if name == "language" else False
        query = self.filters.query(**{name: off if is_on else value})
        return {"label": label, "count": count, "is_on": is_on, "query": query}
