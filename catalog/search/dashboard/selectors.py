"""Reading rules and weights for the search desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.search.analysis import phrase_fold
from catalog.search.models import SearchRedirect, SynonymGroup
from catalog.search.rules import Weights
from catalog.search.selectors import Part, matches_explained, search_matches

PREVIEW_SHOWN = 10
PREVIEW_READ = 100  # places that are compared; what came from further down says so
PARTS = ("text", "sales", "stock", "rating")


def synonyms_find(*, text: str = "") -> QuerySet[SynonymGroup]:
    """Groups in which a word holds ``text``, newest first."""
    groups = SynonymGroup.objects.order_by("-pk")
    if text:
        groups = groups.filter(Q(words__icontains=text) | Q(source__icontains=text))
    return groups


def redirects_find(*, text: str = "") -> QuerySet[SearchRedirect]:
    """Redirects whose query or address holds ``text``."""
    redirects = SearchRedirect.objects.order_by("query", "pk")
    if text:
        redirects = redirects.filter(Q(query__icontains=text) | Q(url__icontains=text))
    return redirects


@dataclass(frozen=True)
class Phrases:
    """A group as the search reads it: folded, without what is the same twice."""

    source: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, group: SynonymGroup) -> "Phrases":
        words = dict.fromkeys(phrase_fold(word) for word in group.words)
        return cls(source=phrase_fold(group.source), words=tuple(filter(None, words)))

    def typed(self) -> set[str]:
        """What a shopper types to use the group."""
        return {self.source} if self.source else set(self.words)


def synonym_conflicts(
    *, group: SynonymGroup, others: Iterable[SynonymGroup], redirects: Sequence[SearchRedirect]
) -> list[str]:
    """What an operator should know about ``group``, in words. Nothing of it forbids the group."""
    mine = Phrases.of(group)
    notes = []
    for other in others:
        if other.pk == group.pk or not (other.is_active and _meet(group, other)):
            continue
        theirs = Phrases.of(other)
        named = ", ".join(other.words)
        for word in sorted(mine.typed() & theirs.typed()):
            text = _("“%(word)s” is also in the group “%(group)s”. Both count.")
            notes.append(text % {"word": word, "group": named})
        further = sorted(set(mine.words) & theirs.typed()) if mine.source else []
        for word in further:
            text = _(
                "“%(word)s” leads on to “%(group)s”, but the search takes one step only:"
                " “%(source)s” does not find these."
            )
            notes.append(text % {"word": word, "group": named, "source": mine.source})
    for redirect in redirects:
        if redirect.is_active and redirect.folded in mine.typed() and _meet(group, redirect):
            text = _("“%(word)s” leads straight to %(url)s, so its synonyms are not used.")
            notes.append(text % {"word": redirect.query, "url": redirect.url})
    return notes


def synonym_leading_back(*, group: SynonymGroup) -> SynonymGroup | None:
    """A one-way group in use that leads from a word of ``group`` back to its source."""
    mine = Phrases.of(group)
    if not mine.source:
        return None
    for other in SynonymGroup.objects.filter(is_active=True).exclude(source="", pk=group.pk):
        theirs = Phrases.of(other)
        leads_back = theirs.source in mine.words and mine.source in theirs.words
        if other.pk != group.pk and leads_back and _meet(group, other):
            return other
    return None


def _meet(one: SynonymGroup, other: SynonymGroup | SearchRedirect) -> bool:
    """Whether some reader's language is served by both."""
    return not one.language or not other.language or one.language == other.language


@dataclass(frozen=True)
class Hit:
    """A product in one of the two orders. ``moved``: places up; None: not in the other order."""

    place: int
    product: Product
    score: float
    parts: list[dict]
    moved: int | None

    @property
    def steps(self) -> int:
        return abs(self.moved or 0)


@dataclass(frozen=True)
class Preview:
    """The first places of one search as they are and as they would be."""

    query: str
    total: int
    now: list[Hit]
    then: list[Hit]
    is_mended: bool
    understood: str

    @property
    def changes(self) -> int:
        """How many of the places shown hold another product."""
        return sum(a.product != b.product for a, b in zip(self.now, self.then, strict=True))


def ranking_preview(*, query: str, language: str, now: Weights, then: Weights) -> Preview:
    """The same search with both weights. Any text is a query; one without hits gives empty lists."""
    current, total = _order(query, language, now)
    wanted, _total = _order(query, language, then)
    shown = current[:PREVIEW_SHOWN], wanted[:PREVIEW_SHOWN]
    products = Product.objects.in_bulk({pk for order in shown for pk in order})
    matches = search_matches(query=query, language=language, weights=then)
    return Preview(
        query=query,
        total=total,
        now=_hits(shown[0], wanted, products, _parts(query, language, shown[0], now)),
        then=_hits(shown[1], current, products, _parts(query, language, shown[1], then)),
        is_mended=matches.is_mended,
        understood=matches.understood,
    )


def _order(query: str, language: str, weights: Weights) -> tuple[list[int], int]:
    """Families in the order of the page of results, and how many there are in all."""
    matches = search_matches(query=query, language=language, weights=weights)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT product_id, count(*) OVER () FROM ({matches.sql}) AS m"  # noqa: S608
            " ORDER BY score DESC, product_id LIMIT %s",
            [*matches.params, PREVIEW_READ],
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _parts(query: str, language: str, ids: list[int], weights: Weights) -> dict[int, Part]:
    return matches_explained(query=query, language=language, ids=ids, weights=weights)


def _hits(
    order: list[int], other: list[int], products: dict[int, Product], parts: dict[int, Part]
) -> list[Hit]:
    places = {pk: place for place, pk in enumerate(other, 1)}
    hits = []
    for place, pk in enumerate(order, 1):
        if pk not in products or pk not in parts:  # gone since
            continue
        hits.append(
            Hit(
                place=place,
                product=products[pk],
                score=parts[pk].score,
                parts=_bars(parts[pk]),
                moved=places[pk] - place if pk in places else None,
            )
        )
    return hits


def _bars(part: Part) -> list[dict]:
    """The four parts with their place in a bar 100 wide that stands for the whole score."""
    whole = sum(getattr(part, name) for name in PARTS) or 1.0
    bars, start = [], 0.0
    for name in PARTS:
        value = getattr(part, name)
        width = value / whole * 100
        bars.append({"code": name, "value": value, "x": f"{start:.2f}", "width": f"{width:.2f}"})
        start += width
    return bars
