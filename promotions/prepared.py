"""Offers with all that applying them needs, read in two queries whatever their number."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from promotions.offer.models import SET_BENEFIT, ConditionalOffer
from promotions.ranges import ranges_read
from shop.core.pagecache.gather import is_keeping
from shop.core.prepared import MOMENT, Prepared, answered

Through = ConditionalOffer.combinations.through

_kept: tuple[float, list[ConditionalOffer]] | None = None


def offers_loadable(offers: QuerySet[ConditionalOffer]) -> QuerySet[ConditionalOffer]:
    """``offers`` in Oscar's order, with the columns that `offers_prepare` reads."""
    links = Through.objects.order_by()
    return offers.select_related("condition", "benefit").annotate(
        goes_with=ArraySubquery(
            links.filter(from_conditionaloffer=OuterRef("pk")).values("to_conditionaloffer")
        ),
        asked_by=ArraySubquery(
            links.filter(to_conditionaloffer=OuterRef("pk")).values("from_conditionaloffer")
        ),
    )


def site_offers_active() -> list[ConditionalOffer]:
    """Everybody's offers that run now, in Oscar's order. One query, always asked anew."""
    return _active.read(now=timezone.now())


_active: Prepared[ConditionalOffer] = Prepared(
    lambda now: offers_loadable(
        ConditionalOffer.objects.filter(
            Q(end_datetime__gte=now) | Q(end_datetime=None),
            Q(start_datetime__lte=now) | Q(start_datetime=None),
            status=ConditionalOffer.OPEN,
            offer_type=ConditionalOffer.SITE,
        )
    ),
    now=MOMENT,
)


def offers_prepare(offers: Sequence[ConditionalOffer]) -> bool:
    """Put ranges, conditions, benefits and combinations in place. One query.

    True when a range asks for the categories of products (`promotions.ranges.places_attach`).
    """
    parts = [part for offer in offers for part in (offer.condition, offer.benefit)]
    ids = {part.range_id for part in parts if part.range_id}
    ranges = ranges_read(ids) if ids else {}
    none = answered(ConditionalOffer.objects.none(), [])
    for offer in offers:
        for name in ("condition", "benefit"):
            part = getattr(offer, name).proxy()  # Oscar makes it anew for every question
            part._state.fields_cache["range"] = ranges.get(part.range_id)
            offer._state.fields_cache[name] = part
        _combinations_keep(offer, offers, none)
    return any(facts.asks_places for facts in ranges.values())


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


def site_offers_kept() -> list[ConditionalOffer]:
    """Everybody's offers that have not ended, the coming ones too, prepared. No sets: what is
    bought alone is never one.

    Kept in the process for a second; `site_offers_forget` is called on every change in it. A page that
    is to be kept may be older than a second when it is read, so it takes them fresh.
    """
    global _kept
    if _kept is not None and time.monotonic() < _kept[0] and not is_keeping():
        return _kept[1]
    offers = list(
        offers_loadable(
            ConditionalOffer.objects.filter(
                Q(end_datetime__isnull=True) | Q(end_datetime__gte=timezone.now()),
                offer_type=ConditionalOffer.SITE,
                status=ConditionalOffer.OPEN,
            ).exclude(benefit__proxy_class=SET_BENEFIT)  # no thing alone is a set
        )
    )
    offers_prepare(offers)
    _kept = (time.monotonic() + settings.STORE_OFFERS_KEPT_SECONDS, offers)
    return offers


def site_offers_forget(**kwargs: Any) -> None:
    """Read them anew from now on, in this process."""
    global _kept
    _kept = None


def asks_places(offers: Iterable[ConditionalOffer]) -> bool:
    """Whether a range of prepared offers asks for the categories of products."""
    return any(
        part.range is not None and part.range.asks_places
        for offer in offers
        for part in (offer.condition, offer.benefit)
    )
