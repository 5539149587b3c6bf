"""The only place that locks stock records; last in the order of docs/locking.md."""

from collections.abc import Iterable

from catalog.partner.models import StockRecord


def stock_records_lock(ids: Iterable[int]) -> dict[int, StockRecord]:
    """Lock the records in primary-key order and return them by id."""
    rows = (
        StockRecord.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    )
    return {record.pk: record for record in rows}
