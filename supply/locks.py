"""The only place that locks stock records, and what stands before them: transfers and counts."""

from collections.abc import Iterable

from catalog.partner.models import StockRecord
from supply.models import Bin, CountLine, Transfer


def stock_records_lock(ids: Iterable[int]) -> dict[int, StockRecord]:
    """Lock the records in primary-key order and return them by id."""
    rows = (
        StockRecord.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    )
    return {record.pk: record for record in rows}


def bin_lock(pk: int) -> Bin | None:
    """Lock a bin, behind the records of what is moved; None where it was removed meanwhile."""
    return Bin.objects.select_for_update().filter(pk=pk).first()


def transfer_lock(pk: int) -> Transfer:
    """Lock a transfer, before the records of its lines, and return its fresh row."""
    rows = Transfer.objects.select_related("source", "target")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def count_line_lock(pk: int) -> CountLine:
    """Lock a place that is counted, behind its record, and return its fresh row."""
    rows = CountLine.objects.select_related("count__warehouse", "bin", "stock_record")
    return rows.select_for_update(of=("self",)).get(pk=pk)
