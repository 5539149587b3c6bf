"""Reading suggestions. What is sold out, hidden, banned or in the basket already never comes out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from catalog.models import Product, ProductCategory
from catalog.recommend.models import Choice, Run, Shelf, Suggestion
from catalog.sales import sales
from catalog.selectors import can_be_bought, products_listed, with_card_facts
from shop.core.prepared import INTEGER, Prepared

BOUGHT_AT_MOST = 40  # families of one member that for-you starts from, the newest first
FRESHNESS = 0.93  # what a source one step older counts for in for-you
OF_EACH_SOURCE = 2  # suggestions in for-you that one product is the reason for
BESIDE = (Shelf.TOGETHER, Shelf.SIMILAR)  # the shelves of one product
LOOKED = 0.6  # what a look counts for, against a purchase


@dataclass(frozen=True)
class Suggested:
    """A product ready for cards. ``reason``: one of `Reason`; ``source``: the product behind it."""

    product: Product
    reason: str
    source: str = ""
    bought: bool = False


def for_sale() -> QuerySet[Product]:
    """Families that may be suggested to somebody now, with what cards need."""
    return with_card_facts(Product.objects.browsable()).filter(can_be_bought())


def suggestions_beside(
    *, product_id: int, shelves: Collection[Shelf], without: Collection[int] = ()
) -> dict[str, list[Suggested]]:
    """By shelf, best first, pins before all. One query."""
    found: dict[str, list[Suggested]] = defaultdict(list)
    for row in _beside.read(product=product_id):
        if row.shelf in shelves and row.pk not in without:
            found[row.shelf].append(Suggested(product=row, reason=row.why))
    return found


_beside: Prepared[Any] = Prepared(
    lambda product: (
        for_sale()
        .filter(
            suggested__product=product,
            suggested__shelf__in=BESIDE,
            suggested__is_banned=False,
        )
        .annotate(shelf=F("suggested__shelf"), why=F("suggested__reason"))
        .order_by(F("suggested__pin").asc(nulls_last=True), "-suggested__score", "pk")
    ),
    product=INTEGER,
)


def suggestions_with(*, families: Collection[int], limit: int) -> list[tuple[Product, int]]:
    """What is bought with any of ``families``, best first, each with the family it goes with.

    One query.
    """
    rows = (
        for_sale()
        .filter(
            suggested__product__in=families,
            suggested__shelf=Shelf.TOGETHER,
            suggested__is_banned=False,
        )
        .exclude(pk__in=families)
        .annotate(beside=F("suggested__product_id"))
        .order_by(F("suggested__pin").asc(nulls_last=True), "-suggested__score", "pk")
    )
    found: dict[int, tuple[Product, int]] = {}
    for row in rows[: limit * 8]:
        found.setdefault(row.pk, (row, row.beside))
    return list(found.values())[:limit]


def suggestions_popular(
    *, limit: int, path: str = "", without: Collection[int] = ()
) -> list[Suggested]:
    """What sells now, in one category (``path``) and below it or in the whole shop. One query."""
    rows = for_sale().filter(
        suggested__shelf=Shelf.POPULAR, suggested__product=None, suggested__is_banned=False
    )
    if path:
        below = ProductCategory.objects.filter(category__path__startswith=path)
        rows = rows.filter(pk__in=below.values("product_id"))
    rows = (
        rows.exclude(pk__in=without)
        .annotate(why=F("suggested__reason"))
        .order_by(F("suggested__pin").asc(nulls_last=True), "-suggested__score", "pk")
    )
    return [Suggested(product=row, reason=row.why) for row in rows[:limit]]


def suggestions_cold(*, product_id: int, path: str, limit: int) -> list[Suggested]:
    """For a product that no run has seen: what sells in its category, then what stands there."""
    found = suggestions_popular(limit=limit, path=path, without=[product_id]) if path else []
    if len(found) < limit and path:
        known = {product_id, *(one.product.pk for one in found)}
        banned = Choice.objects.filter(
            Q(product=None) | Q(product=product_id), ended_at=None, verdict="ban"
        )
        below = ProductCategory.objects.filter(category__path__startswith=path)
        near = (
            products_listed()
            .filter(can_be_bought(), pk__in=below.values("product_id"))
            .exclude(pk__in=known)
            .exclude(pk__in=banned.values("other_id"))
        )
        found += [Suggested(product=one, reason="category") for one in near[: limit - len(found)]]
    return found


def suggestions_for_you(
    *, user_id: int | None, viewed: Sequence[int], limit: int, without: Collection[int] = ()
) -> list[Suggested]:
    """From what the member bought and what this browser looked at. Three queries at most.

    Every source speaks for its neighbours, newer ones louder; the loudest source is the reason.
    Nothing that was bought or looked at is suggested again.
    """
    bought = sales().families_of(user_id=user_id, limit=BOUGHT_AT_MOST) if user_id else []
    weights = source_weights(bought=bought, viewed=viewed)
    if not weights:
        return []
    known = {*weights, *without}
    rows = Suggestion.objects.filter(
        product__in=weights, shelf=Shelf.TASTE, is_banned=False
    ).values_list("product_id", "other_id", "score", "pin")
    totals: dict[int, float] = defaultdict(float)
    loudest: dict[int, tuple[float, int]] = {}
    for source, other, score, pin in rows:
        if other in known:
            continue
        said = weights[source] * (score if pin is None else 1000 / pin)
        totals[other] += said
        loudest[other] = max(loudest.get(other, (0.0, source)), (said, source))
    best = sorted(totals, key=lambda pk: (-totals[pk], pk))[: limit * 5]
    names = {source: "" for _, source in (loudest[pk] for pk in best)}
    found = {row.pk: row for row in for_sale().filter(pk__in=best)}
    names.update((row.pk, row.title) for row in Product.objects.filter(pk__in=names))
    picked = _spread([pk for pk in best if pk in found], loudest, limit)
    return [
        Suggested(
            product=found[pk],
            reason="taste",
            source=names[loudest[pk][1]],
            bought=loudest[pk][1] in bought,
        )
        for pk in picked
    ]


def _spread(ids: Sequence[int], loudest: dict[int, tuple[float, int]], limit: int) -> list[int]:
    """The first ``limit``, but no more than two for the same reason while there are other reasons."""
    taken: Counter[int] = Counter()
    first, later = [], []
    for pk in ids:
        source = loudest[pk][1]
        (first if taken[source] < OF_EACH_SOURCE else later).append(pk)
        taken[source] += 1
    return [*first, *later][:limit]


def source_weights(*, bought: Sequence[int], viewed: Sequence[int]) -> dict[int, float]:
    """How loudly each family speaks for its neighbours; both lists come newest first."""
    weights: dict[int, float] = defaultdict(float)
    for step, pk in enumerate(bought):
        weights[pk] += FRESHNESS**step
    for step, pk in enumerate(viewed):
        weights[pk] += LOOKED * FRESHNESS**step
    return dict(weights)


def products_seen(ids: Sequence[int], *, without: Iterable[int] = ()) -> list[Product]:
    """Families by id in their order, also when they are sold out; hidden ones are left out."""
    left = [pk for pk in ids if pk not in set(without)]
    found = {
        row.pk: row for row in with_card_facts(Product.objects.browsable().filter(pk__in=left))
    }
    return [found[pk] for pk in left if pk in found]


def run_last() -> Run | None:
    return Run.objects.first()
