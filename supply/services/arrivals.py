"""Deliveries that are announced, come, or do not."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from shop.core.pagecache import drop_families_of
from supply.models import ArrivalState, ExpectedArrival, Reason
from supply.selectors import families_of
from supply.services.stock import stock_move


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
