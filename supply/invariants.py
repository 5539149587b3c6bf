"""What `manage.py verify` checks about stock."""

from collections.abc import Iterator

from django.db.models import CharField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from catalog.partner.models import StockRecord
from shop.core.verify import invariant
from supply.models import (
    BinStock,
    StockMovement,
    TransferLine,
    TransferState,
    WarehouseStock,
)


@invariant("stock: allocated is between nothing and what is on hand")
def allocated_within_on_hand() -> Iterator[str]:
    off = StockRecord.objects.filter(num_in_stock__isnull=False).filter(
        Q(num_allocated__lt=0) | Q(num_allocated__gt=F("num_in_stock"))
    )
    for record in off:
        yield f"{record.partner_sku}: {record.num_allocated} allocated of {record.num_in_stock}"


@invariant("stock: on hand is the sum of the ledger")
def on_hand_is_ledger() -> Iterator[str]:
    """Of the warehouses that sell; what stands in others is on no record."""
    sold = Coalesce(Sum("movements__quantity", filter=Q(movements__warehouse__is_sellable=True)), 0)
    records = (
        StockRecord.objects.annotate(ledger=sold)
        .annotate(on_hand=Coalesce("num_in_stock", 0))
        .exclude(ledger=F("on_hand"))
    )
    for record in records:
        yield f"{record.partner_sku}: {record.on_hand} on hand, ledger says {record.ledger}"


@invariant("stock: on hand is the sum over the warehouses that sell")
def on_hand_is_in_warehouses() -> Iterator[str]:
    there = Sum("in_warehouses__on_hand", filter=Q(in_warehouses__warehouse__is_sellable=True))
    records = (
        StockRecord.objects.annotate(there=Coalesce(there, 0))
        .annotate(on_hand=Coalesce("num_in_stock", 0))
        .exclude(there=F("on_hand"))
    )
    for record in records:
        yield f"{record.partner_sku}: {record.on_hand} on hand, warehouses hold {record.there}"


@invariant("stock: what a warehouse holds is its part of the ledger")
def warehouse_is_its_ledger() -> Iterator[str]:
    moved = (
        StockMovement.objects.filter(
            stock_record=OuterRef("stock_record"), warehouse=OuterRef("warehouse")
        )
        .order_by()
        .values("warehouse")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    rows = WarehouseStock.objects.annotate(ledger=Coalesce(Subquery(moved), 0))
    for row in rows.exclude(ledger=F("on_hand")).select_related("warehouse", "stock_record"):
        sku, code = row.stock_record.partner_sku, row.warehouse.code
        yield f"{sku} in {code}: {row.on_hand} on hand, ledger says {row.ledger}"


@invariant("stock: bins hold no more than their warehouse")
def bins_within_warehouse() -> Iterator[str]:
    there = WarehouseStock.objects.filter(
        stock_record=OuterRef("stock_record"), warehouse=OuterRef("bin__warehouse")
    ).values("on_hand")
    rows = (
        BinStock.objects.order_by()
        .values(
            "stock_record", "stock_record__partner_sku", "bin__warehouse", "bin__warehouse__code"
        )
        .annotate(units=Sum("units"))
        .annotate(on_hand=Coalesce(Subquery(there), 0))
        .filter(units__gt=F("on_hand"))
    )
    for row in rows:
        place = f"{row['stock_record__partner_sku']} in {row['bin__warehouse__code']}"
        yield f"{place}: {row['units']} in bins, {row['on_hand']} on hand"


@invariant("stock: a transfer booked what it says left and came")
def transfers_are_booked() -> Iterator[str]:
    def moved(place: str) -> Coalesce:
        source = Concat(Value("transfer:"), Cast(OuterRef("transfer"), CharField()))
        rows = StockMovement.objects.filter(
            source=source,
            stock_record=OuterRef("stock_record"),
            warehouse=OuterRef(f"transfer__{place}"),
        ).values("quantity")
        return Coalesce(Subquery(rows), 0)

    lines = TransferLine.objects.filter(
        transfer__state__in=(TransferState.SENT, TransferState.RECEIVED)
    ).annotate(gone=-moved("source"), came=moved("target"))
    off = lines.exclude(gone=F("sent"), came=Coalesce("received", 0))
    for line in off.select_related("stock_record"):
        yield (
            f"T-{line.transfer_id}, {line.stock_record.partner_sku}: {line.sent} sent and"
            f" {line.received} received, the ledger says {line.gone} and {line.came}"
        )


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
