"""What each warehouse holds. Only called by services that write the ledger in the same transaction."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from supply.exceptions import OutOfStock
from supply.models import BinStock, WarehouseStock


class Change(NamedTuple):
    """Units of a stock record in a warehouse, by their ids; negative leaves it."""

    record: int
    warehouse: int
    units: int


MORE = """
INSERT INTO supply_warehousestock AS stock (stock_record_id, warehouse_id, on_hand, reserved)
SELECT record, warehouse, units, 0
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS change (record, warehouse, units)
ORDER BY record, warehouse
ON CONFLICT (stock_record_id, warehouse_id)
DO UPDATE SET on_hand = stock.on_hand + EXCLUDED.on_hand
"""
LESS = """
UPDATE supply_warehousestock AS stock
SET on_hand = stock.on_hand + change.units, reserved = stock.reserved + change.units * %s
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS change (record, warehouse, units)
WHERE stock.stock_record_id = change.record AND stock.warehouse_id = change.warehouse
AND stock.on_hand + change.units >= stock.reserved + change.units * %s
AND stock.reserved + change.units * %s >= 0
"""


def balances_move(changes: Sequence[Change], *, reserved: bool = False) -> None:
    """Under the records' locks: add to what warehouses hold; with ``reserved`` of what is reserved.

    Raises ``OutOfStock`` with what is free where that is not enough.
    """
    more = [change for change in changes if change.units > 0]
    less = [change for change in changes if change.units < 0]
    with connection.cursor() as cursor:
        if more:
            cursor.execute(MORE, _columns(more))
        if less:
            also = int(reserved)
            cursor.execute(LESS, [also, *_columns(less), also, also])
            if cursor.rowcount != len(less):
                raise OutOfStock(_free(less))
    if less:
        bins_trim(less)


def _columns(changes: Sequence[Change]) -> list[list[int]]:
    return [list(column) for column in zip(*changes, strict=True)]


def _free(changes: Sequence[Change]) -> dict[int, int]:
    there = {
        (row.stock_record_id, row.warehouse_id): row.free
        for row in WarehouseStock.objects.filter(stock_record__in=[one.record for one in changes])
    }
    free = {one.record: there.get((one.record, one.warehouse), 0) for one in changes}
    return {
        one.record: free[one.record] for one in changes if free[one.record] + one.units < 0
    } or free


def bins_trim(changes: Sequence[Change]) -> None:
    """What left the warehouse without being picked left its bins too: the last of the walk first."""
    records = {change.record for change in changes}
    places = {change.warehouse for change in changes}
    rows = (
        BinStock.objects.filter(stock_record__in=records, bin__warehouse__in=places, units__gt=0)
        .select_related("bin")
        .order_by("stock_record", "bin__warehouse", "-bin__rank", "-pk")
    )
    by_place: dict[tuple[int, int], list[BinStock]] = defaultdict(list)
    for row in rows:
        by_place[row.stock_record_id, row.bin.warehouse_id].append(row)
    if not by_place:
        return
    on_hand = {
        (row["stock_record"], row["warehouse"]): row["units"]
        for row in WarehouseStock.objects.filter(stock_record__in=records, warehouse__in=places)
        .values("stock_record", "warehouse")
        .annotate(units=Sum("on_hand"))
    }
    for place, there in by_place.items():
        over = sum(row.units for row in there) - on_hand.get(place, 0)
        for row in there:
            if over <= 0:
                break
            less = min(over, row.units)
            row.units -= less
            over -= less
            row.save(update_fields=["units"])
