"""What `manage.py verify` checks about stock."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from catalog.partner.models import StockRecord
from shop.core.verify import invariant
from supply.models import StockMovement


@invariant("stock: allocated is between nothing and what is on hand")
def allocated_within_on_hand() -> Iterator[str]:
    off = StockRecord.objects.filter(num_in_stock__isnull=False).filter(
        Q(num_allocated__lt=0) | Q(num_allocated__gt=F("num_in_stock"))
    )
    for record in off:
        yield f"{record.partner_sku}: {record.num_allocated} allocated of {record.num_in_stock}"


@invariant("stock: on hand is the sum of the ledger")
def on_hand_is_ledger() -> Iterator[str]:
    records = (
        StockRecord.objects.annotate(ledger=Coalesce(Sum("movements__quantity"), 0))
        .annotate(on_hand=Coalesce("num_in_stock", 0))
        .exclude(ledger=F("on_hand"))
    )
    for record in records:
        yield f"{record.partner_sku}: {record.on_hand} on hand, ledger says {record.ledger}"


@invariant("stock: every price is a number, none is below zero")
def prices_are_numbers() -> Iterator[str]:
    # NaN is above every number in PostgreSQL, so the upper bound finds it.
    off = StockRecord.objects.filter(price__isnull=False).exclude(price__range=(0, 10**10))
    for record in off:
        yield f"{record.partner_sku}: price {record.price}"


@invariant("stock: no warehouse holds less than nothing")
def warehouses_not_negative() -> Iterator[str]:
    rows = (
        StockMovement.objects.values("warehouse__code", "stock_record__partner_sku")
        .annotate(units=Sum("quantity"))
        .filter(units__lt=0)
    )
    for row in rows:
        yield f"{row['stock_record__partner_sku']} in {row['warehouse__code']}: {row['units']}"
