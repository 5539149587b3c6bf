"""Units between the bins of one warehouse; what the warehouse holds does not change."""

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from supply.exceptions import OutOfStock, SupplyRefused
from supply.locks import bin_lock, stock_records_lock
from supply.models import Bin, BinStock, CountLine, CountState, WarehouseStock


@transaction.atomic
def bin_put(*, shelf: Bin, stock_record_id: int, units: int) -> None:
    """Put units that have no place yet into a bin. Raises ``OutOfStock`` with how many those are,
    and ``SupplyRefused`` for a bin that was removed meanwhile."""
    stock_records_lock([stock_record_id])
    _held(shelf)
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

    Raises ``SupplyRefused`` for a bin of another warehouse, the same one, or one that is gone.
    """
    if target.pk == shelf.pk or target.warehouse_id != shelf.warehouse_id:
        raise SupplyRefused(_("Choose another bin of the same warehouse."))
    full = BinStock.objects.filter(bin=shelf, units__gt=0)
    stock_records_lock(full.values_list("stock_record", flat=True))
    moved = 0
    _held(target)
    for row in full.order_by("stock_record"):  # read again behind the locks
        there, _is_new = BinStock.objects.get_or_create(
            bin=target, stock_record_id=row.stock_record_id
        )
        BinStock.objects.filter(pk=there.pk).update(units=F("units") + row.units)
        BinStock.objects.filter(pk=row.pk).update(units=F("units") - row.units)
        moved += row.units
    return moved


@transaction.atomic
def bin_remove(*, shelf: Bin) -> bool:
    """Take an empty bin off the walk; past counts keep its name. False: it was gone already.

    Raises ``SupplyRefused`` while units stand in it, which is what open pick lists lead to, or while
    a count is to look into it.
    """
    locked = bin_lock(shelf.pk)
    if locked is None:
        return False
    # Whoever puts units into it waits for the bin; whoever adds to a row that is there is seen here.
    BinStock.objects.filter(bin=locked, units=0).delete()
    if BinStock.objects.filter(bin=locked).exists():
        raise SupplyRefused(_("Units stand in this bin. Empty it into another one first."))
    counts = CountLine.objects.filter(bin=locked)
    if counts.exclude(state=CountState.BOOKED).exists():
        raise SupplyRefused(_("A count is to look into this bin. Finish the count first."))
    counts.update(bin_code=locked.code)
    locked.delete()
    return True


def _held(shelf: Bin) -> None:
    if bin_lock(shelf.pk) is None:
        raise SupplyRefused(_("This bin is gone. Choose another one."))
