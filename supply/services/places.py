"""Warehouses and bins."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from supply.exceptions import SupplyRefused
from supply.locks import stock_records_lock
from supply.models import Bin, Warehouse, WarehouseStock

SOLD_ANEW = """
UPDATE partner_stockrecord AS record
SET num_in_stock = COALESCE(record.num_in_stock, 0) + stock.on_hand * %s, date_updated = now()
FROM supply_warehousestock AS stock
WHERE stock.stock_record_id = record.id AND stock.warehouse_id = %s AND stock.on_hand <> 0
"""


@transaction.atomic
def warehouse_save(*, warehouse: Warehouse, columns: dict[str, Any]) -> Warehouse:
    """Make or change one. What it holds is on sale, or not any more, with ``is_sellable``.

    Raises ``SupplyRefused`` when orders hold units of it, or for the default one.
    """
    before = Warehouse.objects.filter(pk=warehouse.pk).first()
    for name, value in columns.items():
        setattr(warehouse, name, value)
    if warehouse.is_default and not warehouse.is_sellable:
        raise SupplyRefused(_("Goods come back to this warehouse, so it sells what it holds."))
    if before is not None and before.is_sellable != warehouse.is_sellable:
        _sell_anew(warehouse)
    warehouse.save()
    return warehouse


def _sell_anew(warehouse: Warehouse) -> None:
    """Every record gains or loses what stands there, in one statement."""
    there = WarehouseStock.objects.filter(warehouse=warehouse, on_hand__gt=0)
    records = stock_records_lock(there.values_list("stock_record", flat=True))
    if not warehouse.is_sellable:
        loses = dict(there.values_list("stock_record", "on_hand"))
        held = [
            record.partner_sku
            for pk, record in records.items()
            if (record.num_in_stock or 0) - loses.get(pk, 0) < (record.num_allocated or 0)
        ]
        held += list(
            there.filter(reserved__gt=0).values_list("stock_record__partner_sku", flat=True)
        )
        if held:
            text = _("Orders hold what stands there: %(skus)s.")
            raise SupplyRefused(text % {"skus": ", ".join(sorted(set(held))[:10])})
    with connection.cursor() as cursor:
        cursor.execute(SOLD_ANEW, [1 if warehouse.is_sellable else -1, warehouse.pk])


@transaction.atomic
def bins_add(*, warehouse: Warehouse, codes: Iterable[str]) -> int:
    """Add bins in the order of the walk, behind those that are there. Known codes are left alone."""
    last = Bin.objects.filter(warehouse=warehouse).order_by("-rank").first()
    rank = last.rank if last else 0
    wanted = [code.strip().upper()[:20] for code in codes]
    known = set(Bin.objects.filter(warehouse=warehouse).values_list("code", flat=True))
    new = [code for code in dict.fromkeys(wanted) if code and code not in known]
    Bin.objects.bulk_create(
        [
            Bin(warehouse=warehouse, code=code, rank=rank + 10 * place)
            for place, code in enumerate(new, start=1)
        ],
        ignore_conflicts=True,
    )
    return len(new)
