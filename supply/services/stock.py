"""Promising units, and moving them: on the stock record, in the warehouse, in the ledger."""

import datetime as dt
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

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
from shop.core.planned import planned_rows
from supply.exceptions import OutOfStock, StockMismatch, SupplyRefused
from supply.locks import stock_records_lock
from supply.models import Reason, StockMovement, Warehouse
from supply.rights import FEWER, may_take_away
from supply.selectors import (
    families_of,
    free_by_warehouse,
    stock_records_tracked,
    warehouse_default,
)
from supply.services.balances import Change, balances_move

ALLOCATED = Coalesce(F("num_allocated"), Value(0))
ON_HAND = Coalesce(F("num_in_stock"), Value(0))


#: What is left, whether sets or alerts have something to learn of it, and whose page tells of it. All
#: by the row that this statement locks, so nothing needs to be asked between it and the commit.
ALLOCATE = """
UPDATE partner_stockrecord AS record
SET num_allocated = COALESCE(record.num_allocated, 0) + %s, date_updated = %s
WHERE record.id = %s AND record.num_in_stock >= COALESCE(record.num_allocated, 0) + %s
RETURNING record.num_in_stock - record.num_allocated,
    record.num_in_stock <= record.num_allocated OR EXISTS (
        SELECT 1 FROM catalogue_product AS product
        JOIN kinds_setpart AS part ON part.product_id IN (product.id, product.parent_id)
        WHERE product.id = record.product_id
        AND part.quantity > record.num_in_stock - record.num_allocated
    ),
    (SELECT COALESCE(parent_id, id) FROM catalogue_product WHERE id = record.product_id)
"""


def stock_allocate(
    *, wanted: dict[int, int], tracked: Collection[int] | None = None, is_last: bool = False
) -> None:
    """Promise units to an order. ``wanted`` maps stock record id to units.

    Each record is taken by one conditional update, in key order, so nobody can take what another
    took. Raises ``OutOfStock`` naming every short record, not only the first, so the shopper can
    fix the basket in one go; nothing is then taken.

    ``tracked``: those of ``wanted`` that count their stock, where the caller has asked already.
    ``is_last``: the caller commits right after it, and rolls all of its transaction back when it
    raises; not even the end of a savepoint stands then between the lock and the commit.
    """
    with transaction.atomic(savepoint=not is_last):
        _allocate(wanted, stock_records_tracked(wanted) if tracked is None else tracked)


def _allocate(wanted: dict[int, int], tracked: Collection[int]) -> None:
    short, news, told = [], [], set()
    for pk in sorted(tracked):
        units = wanted[pk]
        found = planned_rows(ALLOCATE, [units, timezone.now(), pk, units])
        if not found:
            short.append(pk)
            continue
        left, is_news, family = found[0]
        if is_news:  # what can still be had can be had as before: nobody has anything to learn
            news.append(pk)
        if left <= COUNTED:  # more than a page tells is as many as before
            told.add(family)
    if short:
        free = StockRecord.objects.filter(pk__in=short).annotate(free=ON_HAND - ALLOCATED)
        raise OutOfStock(dict(free.values_list("pk", "free")))
    if news:
        emit(StockChanged(stock_record_ids=news))
    if told:
        drop_families_of(partial(sorted, told))


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


def _announce(ids: Iterable[int]) -> None:
    """Lists and alerts follow by the outbox; kept pages are dropped with the commit."""
    emit(StockChanged(stock_record_ids=sorted(ids)))
    drop_families_of(partial(families_of, sorted(ids)))


@transaction.atomic
def stock_ship(
    *, units: dict[int, int], source: str, warehouse: Warehouse | None = None, user: Any = None
) -> list[StockMovement]:
    """Take promised units out of the warehouse and write the ledger.

    With ``warehouse``: the units that are reserved there. Without: free ones, from the default
    warehouse first. ``source`` names the parcel and makes a second call fail on
    ``movement_once_per_source``.
    """
    tracked = stock_records_tracked(units)
    records = stock_records_lock(tracked)
    for pk, record in records.items():
        if (record.num_allocated or 0) < units[pk] or (record.num_in_stock or 0) < units[pk]:
            raise StockMismatch(f"stock record {pk} does not hold {units[pk]} allocated units")
    taken = {pk: units[pk] for pk in records}
    changes = (
        [Change(pk, warehouse.pk, -number) for pk, number in taken.items()]
        if warehouse
        else _spread(taken)
    )
    for pk, number in taken.items():
        StockRecord.objects.filter(pk=pk).update(
            num_in_stock=F("num_in_stock") - number,
            num_allocated=F("num_allocated") - number,
            date_updated=timezone.now(),
        )
    balances_move(changes, reserved=warehouse is not None)
    return _write(changes, reason=Reason.SOLD, source=source, user=user)


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

    ``quantity`` in units, negative to take away. What comes without a ``warehouse`` comes to the
    default one; what goes without one goes from where something is free. Raises ``OutOfStock``
    when that would leave less than is promised to orders, or than is to leave from there.
    """
    record = stock_records_lock([stock_record_id])[stock_record_id]
    booked = StockMovement.objects.filter(stock_record=record, source=source)
    if (booked.filter(warehouse=warehouse) if warehouse else booked).exists():
        return False
    is_sold = warehouse is None or warehouse.is_sellable
    if is_sold and (record.num_in_stock or 0) + quantity < (record.num_allocated or 0):
        raise OutOfStock({record.pk: (record.num_in_stock or 0) - (record.num_allocated or 0)})
    if warehouse or quantity >= 0:
        place = warehouse or warehouse_default()
        changes = [Change(record.pk, place.pk, quantity)]
    else:
        changes = _spread({record.pk: -quantity})
    if is_sold:
        StockRecord.objects.filter(pk=record.pk).update(
            num_in_stock=ON_HAND + quantity, date_updated=timezone.now()
        )
    balances_move(changes)
    _write(changes, reason=reason, source=source, user=user, note=note, moved_at=moved_at)
    if is_sold:
        _announce([record.pk])
    return True


@transaction.atomic
def stocks_count(*, counted: dict[int, int], source: str, user: Any = None, note: str = "") -> int:
    """Book what a count found on the shelves. ``counted`` maps stock record id to units on hand.

    All warehouses that sell are counted as one: what is more stands in the default one, what is
    less is taken from where something is free. One booking for each record that differs; the first
    one of a record is its opening stock. A record that is booked under ``source`` already is left
    alone. Returns how many were booked. Raises ``OutOfStock`` naming every record of which orders
    hold more than was counted, ``SupplyRefused`` for fewer units by somebody who may not write off.
    """
    records = stock_records_lock(counted)
    with_history = StockMovement.objects.filter(stock_record__in=list(records))
    booked = set(with_history.filter(source=source).values_list("stock_record", flat=True))
    known = set(with_history.values_list("stock_record", flat=True))
    differs = {
        pk: counted[pk] - (record.num_in_stock or 0)
        for pk, record in records.items()
        if pk not in booked and counted[pk] != (record.num_in_stock or 0)
    }
    held = {pk: records[pk].num_allocated or 0 for pk in differs}
    short = {pk: units for pk, units in held.items() if counted[pk] < units}
    if short:
        raise OutOfStock(short)
    if not differs:
        return 0
    if min(differs.values()) < 0 and not may_take_away(user):
        raise SupplyRefused(str(FEWER))
    for pk in differs:
        records[pk].num_in_stock = counted[pk]
        records[pk].date_updated = timezone.now()
    rows_update([records[pk] for pk in differs], ["num_in_stock", "date_updated"])
    more = warehouse_default().pk
    changes = [Change(pk, more, units) for pk, units in differs.items() if units > 0]
    changes += _spread({pk: -units for pk, units in differs.items() if units < 0})
    balances_move(changes)
    for reason, among in ((Reason.COUNTED, known), (Reason.OPENING, differs.keys() - known)):
        some = [one for one in changes if one.record in among]
        _write(some, reason=reason, source=source, user=user, note=note)
    _announce(differs)
    return len(differs)


def _spread(units: dict[int, int]) -> list[Change]:
    """Where so many free units are taken from: warehouses that sell, the default one first.

    Raises ``OutOfStock`` when the rest is to leave for orders that were routed.
    """
    if not units:
        return []
    free = free_by_warehouse(units)
    changes, short = [], {}
    for pk, wanted in units.items():
        places = free.get(pk, [])
        if sum(there for _place, there in places) < wanted:
            short[pk] = sum(there for _place, there in places)
        for place, there in places:
            if number := min(there, wanted):
                changes.append(Change(pk, place, -number))
                wanted -= number
    if short:
        raise OutOfStock(short)
    return changes


def _write(
    changes: Iterable[Change],
    *,
    reason: str,
    source: str,
    user: Any = None,
    note: str = "",
    moved_at: dt.datetime | None = None,
) -> list[StockMovement]:
    return StockMovement.objects.bulk_create(
        StockMovement(
            stock_record_id=change.record,
            warehouse_id=change.warehouse,
            quantity=change.units,
            reason=reason,
            source=source,
            moved_by=user,
            note=note,
            moved_at=moved_at or timezone.now(),
        )
        for change in changes
    )
