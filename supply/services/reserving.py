"""Units that are to leave from one warehouse for orders that were routed there."""

from collections.abc import Collection, Mapping
from contextlib import nullcontext

from django.db import transaction

from shop.core.planned import planned_run, untyped
from supply.exceptions import OutOfStock, StockMismatch
from supply.models import Warehouse, WarehouseStock
from supply.selectors import stock_records_tracked

RESERVE = """
UPDATE supply_warehousestock AS stock SET reserved = stock.reserved + change.units
FROM unnest(%s::bigint[], %s::int[]) AS change (record, units)
WHERE stock.stock_record_id = change.record AND stock.warehouse_id = %s
AND stock.reserved + change.units BETWEEN 0 AND stock.on_hand
"""


def stock_reserve(
    *, warehouse: Warehouse, units: Mapping[int, int], tracked: Collection[int] | None = None
) -> None:
    """Keep units (by stock record id) in ``warehouse`` for an order that was routed there.

    They are promised already: `stock_allocate` did that. Raises ``OutOfStock`` with what is free
    there; the transaction, or its savepoint, must then roll back. ``tracked``: `stock_records_tracked`
    of at least these, where the caller has asked.
    """
    tracked = stock_records_tracked(units) if tracked is None else tracked
    wanted = {pk: number for pk, number in units.items() if pk in tracked and number}
    # One that is not there has written nothing; of several the first may have.
    with transaction.atomic() if len(wanted) > 1 else nullcontext():
        if _reserve(warehouse, wanted) != len(wanted):
            rows = WarehouseStock.objects.filter(warehouse=warehouse, stock_record__in=wanted)
            free = {row.stock_record_id: row.free for row in rows}
            raise OutOfStock({pk: free.get(pk, 0) for pk in wanted})


@transaction.atomic
def stock_unreserve(*, warehouse: Warehouse, units: Mapping[int, int]) -> None:
    """Let go of them. Raises ``StockMismatch`` if they were not reserved there."""
    tracked = stock_records_tracked(units)
    freed = {pk: -units[pk] for pk in tracked if units[pk]}
    if _reserve(warehouse, freed) != len(freed):
        raise StockMismatch(f"warehouse {warehouse.code} does not reserve {units}")


def _reserve(warehouse: Warehouse, units: Mapping[int, int]) -> int:
    if not units:
        return 0
    records = sorted(units)
    values = (records, [units[pk] for pk in records], warehouse.pk)
    _rows, count = planned_run(RESERVE, [untyped(one) for one in values])
    return count
