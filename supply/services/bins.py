"""Units between the bins of one warehouse; what the warehouse holds does not change."""

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest

from supply.exceptions import OutOfStock
from supply.locks import stock_records_lock
from supply.models import Bin, BinStock, WarehouseStock


@transaction.atomic
def bin_put(*, shelf: Bin, stock_record_id: int, units: int) -> None:
    """Put units that have no place yet into a bin. Raises ``OutOfStock`` with how many those are."""
    stock_records_lock([stock_record_id])
    rows = BinStock.objects.filter(bin__warehouse=shelf.warehouse_id, stock_record=stock_record_id)
    placed = rows.aggregate(units=Sum("units"))["units"] or 0
    there = WarehouseStock.objects.filter(
        warehouse=shelf.warehouse_id, stock_record=stock_record_id
    ).first()
    unplaced = (there.on_hand if there else 0) - placed
    if not 1 <= units <= unplaced:
        raise OutOfStock({stock_record_id: max(unplaced, 0)})
    row, _is_new = BinStock.objects.get_or_create(bin=shelf, stock_record_id=stock_record_id)
    BinStock.objects.filter(pk=row.pk).update(units=F("units") + units)


@transaction.atomic
def bin_take(*, shelf: Bin, stock_record_id: int, units: int) -> None:
    """Somebody took units out. A bin of which the book says less is empty then, a count will tell."""
    rows = BinStock.objects.filter(bin=shelf, stock_record=stock_record_id)
    rows.update(units=Greatest(F("units") - units, 0))
