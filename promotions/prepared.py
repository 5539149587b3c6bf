"""Offers with all that applying them needs, read in two queries whatever their number.

Who decides reads them anew: an order, a bill. Who only shows a price may take those that this process
read up to ``STORE_OFFERS_KEPT_SECONDS`` ago: what was shown is compared when the order is placed.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from catalog.kinds.models import SetPart
from promotions.offer.models import ConditionalOffer, row_twin
from promotions.ranges import RangeFacts, ranges_made, ranges_read, ranges_rows
from shop.core.pagecache.gather import is_keeping
from shop.core.prepared import MOMENT, Prepared, answered

Through = ConditionalOffer.combinations.through
COUNTS = ("num_applications", "num_orders", "total_discount")  # what orders change of an offer


@dataclass(frozen=True)
class _Kept:
    """Prepared offers that have not ended, the coming ones too; with sets and without."""

    until: float  # on the monotonic clock
    offers: list[ConditionalOffer]
    alone: list[ConditionalOffer]


_kept: _Kept | None = None


def offers_loadable(offers: QuerySet[ConditionalOffer]) -> QuerySet[ConditionalOffer]:
    """``offers`` in Oscar's order, with the columns that `offers_prepare` reads."""
    links = Through.objects.order_by()
    return (
        offers.select_related("condition", "benefit")
        .defer("date_created")
        .annotate(
            goes_with=ArraySubquery(
                links.filter(from_conditionaloffer=OuterRef("pk")).values("to_conditionaloffer")
            ),
            asked_by=ArraySubquery(
                links.filter(to_conditionaloffer=OuterRef("pk")).values("from_conditionaloffer")
            ),
            set_parts=ArraySubquery(
                SetPart.objects.filter(product_set__set_offer__offer=OuterRef("pk"))
                .order_by()
                .values("product")
            ),
        )
    )


def site_offers_active() -> list[ConditionalOffer]:
    """Everybody's offers that run now, in Oscar's order. One query, always asked anew."""
    now = timezone.now()
    return [offer for offer in _open.read(now=now) if offer.runs_at(now)]


_open: Prepared[ConditionalOffer] = Prepared(
    lambda now: offers_loadable(
        ConditionalOffer.objects.filter(
            Q(end_datetime__gte=now) | Q(end_datetime=None),
            status=ConditionalOffer.OPEN,
            offer_type=ConditionalOffer.SITE,
        )
    ),
    now=MOMENT,
)


@dataclass(frozen=True)
class _Built:
    """Prepared offers, and the columns that they were made of, their counts left out."""

    counts: Callable[[tuple[Any, ...]], tuple[Any, ...]]  # of a row, in the order of `COUNTS`
    rest: Callable[[tuple[Any, ...]], tuple[Any, ...]]  # of a row, its other columns
    columns: list[tuple[Any, ...]]
    range_ids: list[int]
    ranges: list[tuple[Any, ...]]
    offers: list[ConditionalOffer]


_built: dict[str, _Built] = {}  # by language


def site_offers_firm(bought: AbstractSet[int]) -> list[ConditionalOffer]:
    """Everybody's offers that run now, prepared, in Oscar's order: for what is decided. Two queries,
    always asked anew; where they say what they said before, nothing is built anew but the counts.

    ``bought``: see `_concerns`.
    """
    now, language = timezone.now(), get_language() or ""
    rows = _open.rows(now=now)
    built = _built.get(language)
    if built is not None and built.columns == list(map(built.rest, rows)):
        ranges = ranges_rows(built.range_ids)
        if built.ranges != ranges:
            built = _build(rows, ranges)
    else:
        built = _build(rows)
    _built[language] = built
    running = []
    for offer, row in zip(built.offers, rows, strict=True):
        if _concerns(offer, bought) and offer.runs_at(now):
            twin = offer_twin(offer)
            for name, count in zip(COUNTS, built.counts(row), strict=True):
                twin.__dict__[name] = count
            running.append(twin)
    return running


def _build(rows: list[tuple[Any, ...]], ranges: list[tuple[Any, ...]] | None = None) -> _Built:
    """``ranges``: their columns, where they were read. Offers are made anew: others may be reading those
    that are kept."""
    offers = _open.made_of(rows)
    ids = sorted(_range_ids(offers))
    if ranges is None:
        ranges = ranges_rows(ids)
    _parts_prepare(offers, ranges_made(ranges))
    places = [_open.place_of(name) for name in COUNTS]
    others = [n for n in range(len(rows[0]) if rows else len(COUNTS)) if n not in places]
    counts, rest = itemgetter(*places), itemgetter(*others) if others else tuple
    return _Built(counts, rest, list(map(rest, rows)), ids, ranges, offers)


def offers_prepare(offers: Sequence[ConditionalOffer]) -> bool:
    """Put ranges, conditions, benefits and combinations in place. One query.

    True when a range asks for the categories of products (`promotions.ranges.places_attach`).
    """
    ids = _range_ids(offers)
    ranges = ranges_read(ids) if ids else {}
    _parts_prepare(offers, ranges)
    return any(facts.asks_places for facts in ranges.values())


def _range_ids(offers: Sequence[ConditionalOffer]) -> set[int]:
    parts = [part for offer in offers for part in (offer.condition, offer.benefit)]
    return {part.range_id for part in parts if part.range_id}


def _parts_prepare(offers: Sequence[ConditionalOffer], ranges: dict[int, RangeFacts]) -> None:
    none = answered(ConditionalOffer.objects.none(), [])
    for offer in offers:
        for name in ("condition", "benefit"):
            part = getattr(offer, name).proxy()  # Oscar makes it anew for every question
            part._state.fields_cache["range"] = ranges.get(part.range_id)
            offer._state.fields_cache[name] = part
        parts = (offer.condition.range, offer.benefit.range)
        offer.asks_places = any(one is not None and one.asks_places for one in parts)
        _combinations_keep(offer, offers, none)


def _combinations_keep(
    offer: ConditionalOffer,
    offers: Sequence[ConditionalOffer],
    none: QuerySet[ConditionalOffer],
) -> None:
    """Oscar counts and lists them for every line; both are answered from here."""
    goes_with = [other for other in offers if other.pk in offer.goes_with]
    chosen = answered(none.none(), goes_with) if goes_with else none
    offer._prefetched_objects_cache = {"combinations": chosen}
    together = {offer.pk, *offer.goes_with, *offer.asked_by}
    offer.__dict__["combined_offers"] = [other for other in offers if other.pk in together]


def site_offers_shown(bought: AbstractSet[int]) -> list[ConditionalOffer]:
    """Everybody's offers that run now, prepared, in Oscar's order: for a basket that is only looked at.

    Twins of what is kept, so that a basket's currency and counts stay on its own. ``bought``: see
    `_concerns`.
    """
    now = timezone.now()
    return [
        offer_twin(offer)
        for offer in _read().offers
        if _concerns(offer, bought) and offer.runs_at(now)
    ]


def _concerns(offer: ConditionalOffer, bought: AbstractSet[int]) -> bool:
    """False for the price of a set of which no part is among ``bought``, the products of a basket and their
    families: it can give nothing, and a shop may have many sets."""
    return not offer.set_parts or not bought.isdisjoint(offer.set_parts)


def site_offers_kept() -> list[ConditionalOffer]:
    """Everybody's offers that have not ended, the coming ones too, prepared. No sets: what is
    bought alone is never one."""
    return _read().alone


def _read() -> _Kept:
    """Kept in the process for a second; `site_offers_forget` is called on every change in it. A page that
    is to be kept may be older than a second when it is read, so it takes them fresh.
    """
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() < kept.until and not is_keeping():
        return kept
    offers = _open.read(now=timezone.now())
    offers_prepare(offers)
    alone = [offer for offer in offers if not offer.is_set]  # no thing alone is a set
    until = time.monotonic() + settings.STORE_OFFERS_KEPT_SECONDS
    _kept = kept = _Kept(until, offers, alone)
    return kept


def offer_twin(offer: ConditionalOffer) -> ConditionalOffer:
    """A prepared offer once more, with parts of its own; its ranges and neighbours are the same."""
    own = row_twin(offer)
    own.__dict__["combined_offers"] = offer.__dict__["combined_offers"]
    own._prefetched_objects_cache = offer._prefetched_objects_cache
    known, parts = own._state.fields_cache, offer._state.fields_cache
    for name in ("condition", "benefit"):
        part = parts[name]
        known[name] = twin = row_twin(part)
        twin._state.fields_cache["range"] = part._state.fields_cache["range"]
    return own


def site_offers_forget(**kwargs: Any) -> None:
    """Read them anew from now on, in this process."""
    global _kept
    _kept = None


def asks_places(offers: Iterable[ConditionalOffer]) -> bool:
    """Whether a range of prepared offers asks for the categories of products."""
    return any(map(_asks_places, offers))


_asks_places = attrgetter("asks_places")
