"""Units between the bins of one warehouse; what the warehouse holds does not change."""

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from supply.exceptions import OutOfStock, SupplyRefused
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


def bin_rename(*, shelf: Bin, code: str, rank: int) -> Bin:
    """Another name, or another place on the walk; what stands in it stays.

    Raises ``SupplyRefused`` where another bin of the warehouse has the name.
    """
    shelf.code, shelf.rank = code.strip().upper(), rank
    try:
        with transaction.atomic():
            shelf.save(update_fields=["code", "rank"])
    except IntegrityError as error:
        if "bin_code_once" not in str(error):
            raise
        raise SupplyRefused(_("There is another bin of this name here.")) from error
    return shelf


@transaction.atomic
def bin_empty(*, shelf: Bin, target: Bin) -> int:
    """All that stands in ``shelf`` stands in ``target`` from now on; how many units. 0: it was empty.

    Raises ``SupplyRefused`` for a bin of another warehouse, or the same one.
    """
    if target.pk == shelf.pk or target.warehouse_id != shelf.warehouse_id:
        raise SupplyRefused(_("Choose another bin of the same warehouse."))
    full = BinStock.objects.filter(bin=shelf, units__gt=0)
    stock_records_lock(full.values_list("stock_record", flat=True))
    moved = 0
    for row in full.order_by("stock_record"):  # read again behind the locks
        there, _is_new = BinStock.objects.get_or_create(
            bin=target, stock_record_id=row.stock_record_id
        )
        BinStock.objects.filter(pk=there.pk).update(units=F("units") + row.units)
        BinStock.objects.filter(pk=row.pk).update(units=F("units") - row.units)
        moved += row.units
    return moved
