"""Parcels that do not arrive: how they ended, what came back of them. All under the order's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.fulfilment.models import (
    PARCEL_KINDS,
    Failure,
    Outcome,
    Shipment,
    Trouble,
    TroubleKind,
)
from orders.fulfilment.noting import trouble_note
from orders.locks import order_lock
from orders.models import Order
from shop.core.locks import retry_on_conflict
from supply.selectors import stock_records_tracked
from supply.services import goods_back


@dataclass(frozen=True)
class Back:
    """Units of one line of a parcel that was sent back: as new, and not fit to be sold."""

    restock: int = 0
    scrap: int = 0


def parcel_fail(
    order: Order, parcel: Shipment, failure: str, *, words: str = "", was_damaged: bool = False
) -> None:
    """It will not arrive: it leaves the lists of what is on its way, and waits in the clerks' queue.

    One that was lost and is sent back now stays one exception, one that broke is told as damaged
    (``was_damaged``), and one that was sent again or paid back is none any more. A parcel that
    arrived is left alone.
    """
    if parcel.delivered_at is not None:
        return
    if parcel.failed != failure:
        parcel.failed, parcel.failed_at = failure, parcel.failed_at or timezone.now()
        parcel.save(update_fields=["failed", "failed_at"])
    kind = TroubleKind.DAMAGED if was_damaged else TroubleKind(failure)
    rows = Trouble.objects.filter(shipment=parcel, kind__in=PARCEL_KINDS)
    if rows.filter(outcome__in=(Outcome.AGAIN, Outcome.PAID)).exists():
        return
    known = rows.filter(closed_at__isnull=True)
    if not known.filter(kind=kind).exists() and (old := known.first()) is not None:
        old.kind = kind
        old.save(update_fields=["kind"])
    trouble_note(order, kind, parcel=parcel, words=words)


def parcel_turn_up(parcel: Shipment, *, user: Any = None) -> None:
    """It came after all: what was said of its delay or loss is over."""
    rows = Trouble.objects.filter(
        shipment=parcel, closed_at__isnull=True, kind__in=(*PARCEL_KINDS, TroubleKind.LATE)
    )
    rows.update(closed_at=timezone.now(), closed_by=user, outcome=Outcome.CAME)
    if parcel.failed:
        parcel.failed, parcel.failed_at = "", None
        parcel.save(update_fields=["failed", "failed_at"])


@retry_on_conflict
@transaction.atomic
def parcel_take_back(*, parcel: Shipment, found: Mapping[int, Back], user: Any) -> bool:
    """What the carrier sent back, by line of the parcel: whole units are on the shelf of the
    warehouse that sent them, the others are written off. False if it was taken back already.

    Raises ``StepRefused`` unless it was sent back, or for more units than were in it.
    """
    order_lock(order_id=parcel.order_id)
    parcel = Shipment.objects.select_related("warehouse", "order").get(pk=parcel.pk)
    if parcel.taken_back_at:
        return False
    if parcel.failed != Failure.RETURNED:
        raise StepRefused(_("The carrier has not sent this parcel back."))
    lines = list(parcel.lines.select_related("order_line"))
    for line in lines:
        back = found.get(line.pk, Back())
        if min(back.restock, back.scrap) < 0 or back.restock + back.scrap > line.quantity:
            raise StepRefused(_("There were fewer units in it."))
        line.restocked, line.scrapped = back.restock, back.scrap
        line.save(update_fields=["restocked", "scrapped"])
    parcel.taken_back_at, parcel.taken_back_by = timezone.now(), user
    parcel.save(update_fields=["taken_back_at", "taken_back_by"])
    tracked = stock_records_tracked(
        line.order_line.stockrecord_id for line in lines if line.order_line.stockrecord_id
    )
    for line in sorted(lines, key=lambda one: (one.order_line.stockrecord_id or 0, one.pk)):
        if line.order_line.stockrecord_id in tracked:
            goods_back(
                stock_record_id=line.order_line.stockrecord_id,
                good=line.restocked,
                scrap=line.scrapped,
                source=f"sent-back:{line.pk}",
                warehouse=parcel.warehouse,
                user=user,
                note=parcel.order.number,
            )
    return True
