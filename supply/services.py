"""The only writer of stock. Every unit that moves leaves a row in the ledger."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.cards import COUNTED
from catalog.partner.models import StockRecord
from shop.core.bulk import rows_update
from shop.core.events import StockChanged
from shop.core.outbox import emit
from shop.core.pagecache import drop_families_of
from supply.exceptions import OutOfStock, StockMismatch
from supply.locks import stock_records_lock
from supply.models import ArrivalState, ExpectedArrival, Reason, StockMovement, Warehouse
from supply.selectors import families_of, stock_records_tracked, warehouse_default

ALLOCATED = Coalesce(F("num_allocated"), Value(0))
ON_HAND = Coalesce(F("num_in_stock"), Value(0))


@transaction.atomic
def stock_allocate(*, wanted: dict[int, int]) -> None:
    """Promise units to an order. ``wanted`` maps stock record id to units.

    Each record is taken by one conditional update, in key order, so nobody can take what another
    took. Raises ``OutOfStock`` naming every short record, not only the first, so the shopper can
    fix the basket in one go; the caller's transaction must then roll back.
    """
    tracked = stock_records_tracked(wanted)
    short = [
        pk
        for pk in sorted(tracked)
        if not StockRecord.objects.filter(pk=pk, num_in_stock__gte=ALLOCATED + wanted[pk]).update(
            num_allocated=ALLOCATED + wanted[pk], date_updated=timezone.now()
        )
    ]
    if short:
        free = StockRecord.objects.filter(pk__in=short).annotate(free=ON_HAND - ALLOCATED)
        raise OutOfStock(dict(free.values_list("pk", "free")))
    if tracked:
        # More than a page tells is as many as before.
        _announce(tracked, left_at_most=COUNTED)


@transaction.atomic
def stock_release(*, units: dict[int, int]) -> None:
    """Give promised units back to the shelf. Raises ``StockMismatch`` if they were not promised."""
    tracked = stock_records_tracked(units)
    for pk in sorted(tracked):
        rows = StockRecord.objects.filter(pk=pk, num_allocated__gte=units[pk])
        if not rows.update(num_allocated=ALLOCATED - units[pk], date_updated=timezone.now()):
            raise StockMismatch(f"stock record {pk} has fewer than {units[pk]} units allocated")
    if tracked:
        _announce(tracked)


def _announce(ids: Iterable[int], *, left_at_most: int | None = None) -> None:
    """Lists and alerts follow by the outbox; kept pages are dropped with the commit."""
    emit(StockChanged(stock_record_ids=sorted(ids)))
    drop_families_of(partial(families_of, sorted(ids), left_at_most=left_at_most))


@transaction.atomic
def stock_ship(*, units: dict[int, int], source: str, user: Any = None) -> list[StockMovement]:
    """Take promised units out of the warehouse and write the ledger.

    ``source`` names the parcel and makes a second call fail on ``movement_once_per_source``.
    """
    tracked = stock_records_tracked(units)
    records = stock_records_lock(tracked)
    warehouse = warehouse_default() if tracked else None
    movements = []
    for pk, record in records.items():
        if (record.num_allocated or 0) < units[pk] or (record.num_in_stock or 0) < units[pk]:
            raise StockMismatch(f"stock record {pk} does not hold {units[pk]} allocated units")
        StockRecord.objects.filter(pk=pk).update(
            num_in_stock=F("num_in_stock") - units[pk],
            num_allocated=F("num_allocated") - units[pk],
            date_updated=timezone.now(),
        )
        movements.append(
            StockMovement(
                stock_record=record,
                warehouse=warehouse,
                quantity=-units[pk],
                reason=Reason.SOLD,
                source=source,
                moved_by=user,
            )
        )
    return StockMovement.objects.bulk_create(movements)


@transaction.atomic
def stock_move(
    *,
    stock_record_id: int,
    quantity: int,
    reason: str,
    source: str,
    warehouse: Warehouse | None = None,
    user: Any = None,
    note: str = "",
    moved_at: dt.datetime | None = None,
) -> bool:
    """Book units that come, come back, are lost or were miscounted. False: ``source`` is booked.

    ``quantity`` in units, negative to take away. Raises ``OutOfStock`` when that would leave less
    on hand than is promised to orders.
    """
    record = stock_records_lock([stock_record_id])[stock_record_id]
    if StockMovement.objects.filter(stock_record=record, source=source).exists():
        return False
    if (record.num_in_stock or 0) + quantity < (record.num_allocated or 0):
        raise OutOfStock({record.pk: (record.num_in_stock or 0) - (record.num_allocated or 0)})
    StockRecord.objects.filter(pk=record.pk).update(
        num_in_stock=ON_HAND + quantity, date_updated=timezone.now()
    )
    StockMovement.objects.create(
        stock_record=record,
        warehouse=warehouse or warehouse_default(),
        quantity=quantity,
        reason=reason,
        source=source,
        moved_by=user,
        note=note,
        moved_at=moved_at or timezone.now(),
    )
    _announce([record.pk])
    return True


@transaction.atomic
def stocks_count(*, counted: dict[int, int], source: str, user: Any = None, note: str = "") -> int:
    """Book what a count found on the shelves. ``counted`` maps stock record id to units on hand.

    One ledger row for each record that differs; the first one of a record is its opening stock.
    A record that is booked under ``source`` already is left alone. Returns how many were booked.
    Raises ``OutOfStock`` naming every record of which orders hold more than was counted.
    """
    records = stock_records_lock(counted)
    with_history = StockMovement.objects.filter(stock_record__in=list(records))
    booked = set(with_history.filter(source=source).values_list("stock_record", flat=True))
    known = set(with_history.values_list("stock_record", flat=True))
    changes = {
        pk: counted[pk] - (record.num_in_stock or 0)
        for pk, record in records.items()
        if pk not in booked and counted[pk] != (record.num_in_stock or 0)
    }
    held = {pk: records[pk].num_allocated or 0 for pk in changes}
    short = {pk: units for pk, units in held.items() if counted[pk] < units}
    if short:
        raise OutOfStock(short)
    if not changes:
        return 0
    for pk in changes:
        records[pk].num_in_stock = counted[pk]
        records[pk].date_updated = timezone.now()
    rows_update([records[pk] for pk in changes], ["num_in_stock", "date_updated"])
    warehouse = warehouse_default()
    StockMovement.objects.bulk_create(
        StockMovement(
            stock_record_id=pk,
            warehouse=warehouse,
            quantity=change,
            reason=Reason.COUNTED if pk in known else Reason.OPENING,
            source=source,
            moved_by=user,
            note=note,
        )
        for pk, change in changes.items()
    )
    _announce(changes)
    return len(changes)


@transaction.atomic
def arrival_expect(
    *, stock_record_id: int, day: dt.date, units: int, note: str, key: UUID, user: Any = None
) -> bool:
    """Announce a delivery of ``units`` on ``day``. False: this ``key`` was written before."""
    _row, is_new = ExpectedArrival.objects.get_or_create(
        key=key,
        defaults={
            "stock_record_id": stock_record_id,
            "day": day,
            "units": units,
            "note": note,
            "created_by": user,
        },
    )
    drop_families_of(partial(families_of, [stock_record_id]))
    return is_new


@transaction.atomic
def arrival_receive(*, arrival: ExpectedArrival, user: Any = None) -> bool:
    """It came: its units go on the shelf, once. False when it was ended before."""
    if not _end(arrival, ArrivalState.ARRIVED):
        return False
    stock_move(
        stock_record_id=arrival.stock_record_id,
        quantity=arrival.units,
        reason=Reason.RECEIVED,
        source=f"arrival:{arrival.pk}",
        user=user,
        note=arrival.note,
    )
    return True


@transaction.atomic
def arrival_cancel(*, arrival: ExpectedArrival) -> bool:
    """It will not come. False when it was ended before."""
    return _end(arrival, ArrivalState.CANCELLED)


def _end(arrival: ExpectedArrival, state: ArrivalState) -> bool:
    open_rows = ExpectedArrival.objects.filter(pk=arrival.pk, state=ArrivalState.EXPECTED)
    drop_families_of(partial(families_of, [arrival.stock_record_id]))
    return bool(open_rows.update(state=state))
