"""Writing the price history."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.families import with_variants
from catalog.partner.models import StockRecord
from catalog.pricing.locks import comparison_lock
from catalog.pricing.models import PriceRecord
from catalog.pricing.prices import PriceContext, ResolvedPrice
from catalog.pricing.resolver import prices_resolve
from catalog.pricing.shopper import staff_id
from catalog.refresh import families_refresh
from shop.core.prepared import INTEGERS, Prepared

CHUNK = 500


class Cause(NamedTuple):
    """Why prices change. ``source`` as in PriceRecord."""

    source: str
    user_id: int | None


_cause: ContextVar[Cause | None] = ContextVar("pricing_cause", default=None)


@contextmanager
def prices_change_by(source: str, *, user_id: int | None = None) -> Iterator[None]:
    """What changes inside is written down as done by this person, from there."""
    token = _cause.set(Cause(source, user_id))
    try:
        yield
    finally:
        _cause.reset(token)


def prices_follow(family_ids: Sequence[int]) -> None:
    """The refresher: what these families' prices became is written in the same transaction."""
    history_write(_records_of.read(ids=list(family_ids)))


def history_write(records: Iterable[StockRecord], *, moment: dt.datetime | None = None) -> int:
    """Add a row for each record whose price is not the last one known. Returns how many."""
    moment = moment or timezone.now()
    records = list(records)
    cause = _cause.get() or Cause("product", staff_id())
    changed = _changed(records, moment=moment)
    PriceRecord.objects.bulk_create(
        PriceRecord(
            stock_record_id=pk,
            currency=price.currency,
            base=price.full,
            now=price.now,
            moment=moment,
            source=cause.source,
            user_id=cause.user_id,
        )
        for pk, price in changed.items()
    )
    return len(changed)


def prices_compare_all() -> int:
    """Find every price that is not what the history says last; its family is refreshed.

    For what no row tells: offers that the clock starts and ends. Returns how many families.
    Nothing when another process is at it.
    """
    last, refreshed = 0, 0
    while True:
        with transaction.atomic(), prices_change_by("offers"):
            if not comparison_lock():
                return refreshed
            records = list(_records(Q(pk__gt=last))[:CHUNK])
            if not records:
                return refreshed
            changed = _changed(records, moment=timezone.now())
            families = {
                record.product.parent_id or record.product_id
                for record in records
                if record.pk in changed
            }
            families_refresh(families)
        refreshed += len(families)
        last = records[-1].pk


def _records(which: Q) -> QuerySet[StockRecord]:
    return (
        StockRecord.objects.filter(which)
        .select_related("product__product_class", "product__parent__product_class")
        .order_by("pk")
    )


_records_of: Prepared[StockRecord] = Prepared(
    lambda ids: _records(Q(product__in=with_variants(ids, hidden=True))), ids=INTEGERS
)
_newest: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        PriceRecord.objects.filter(stock_record__in=ids)
        .order_by("stock_record_id", "-moment", "-pk")
        .distinct("stock_record_id")
        .values_list("stock_record_id", "currency", "base", "now")
    ),
    ids=INTEGERS,
)


def _changed(records: Sequence[StockRecord], *, moment: dt.datetime) -> dict[int, ResolvedPrice]:
    """By stock record id: what holds for everybody now and is not the newest row. Bulk."""
    prices = prices_resolve(records, context=PriceContext(moment=moment))
    known = {pk: tuple(rest) for pk, *rest in _newest.read(ids=list(prices))} if prices else {}
    return {
        pk: price
        for pk, price in prices.items()
        if known.get(pk) != (price.currency, price.full, price.now)
    }
