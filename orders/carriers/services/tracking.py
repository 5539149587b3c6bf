"""What became of parcels: the carrier is asked, and what it says is the truth."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from orders.carriers.base import Told
from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.carriers.locks import label_lock
from orders.carriers.models import Label, TrackEvent
from orders.carriers.registry import carrier_of
from orders.carriers.services.labels import label_void
from orders.carriers.states import MOVING, NEXT, STATE_OF, WRONG, EventCode, ParcelState
from orders.fulfilment.failing import parcel_fail, parcel_turn_up
from orders.fulfilment.models import TroubleKind
from orders.fulfilment.noting import trouble_note
from orders.life.settling import order_settle_arrival
from orders.models import Order
from shop.core.events import ParcelMoved
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit

SILENT = dt.timedelta(minutes=10)  # after which a parcel is asked about
ASKED_AT_ONCE = 100


def label_refresh(*, label: Label) -> Label:
    """Ask the carrier, keep what is new, and take the step that follows. Twice is once.

    Raises ``CarrierUnavailable``; what the carrier refuses is noted on the label.
    """
    by = carrier_of(label.carrier)
    if by is None or not by.sells_labels:
        return label
    try:
        told = by.track(label.tracking_number)
    except CarrierRefused as error:
        Label.objects.filter(pk=label.pk).update(
            checked_at=timezone.now(), problem=error.message[:200]
        )
        return label
    return _told_apply(label=label, told=told)


@retry_on_conflict
def _told_apply(*, label: Label, told: list[Told]) -> Label:
    label = label_lock(label)
    known = set(label.events.values_list("event_id", flat=True))
    fresh = [one for one in told if one.event_id not in known]
    TrackEvent.objects.bulk_create(
        TrackEvent(
            label=label,
            event_id=one.event_id,
            code=one.code,
            happened_at=one.happened_at,
            place=one.place,
        )
        for one in fresh
    )
    label.checked_at, label.problem = timezone.now(), ""
    before = label.state
    if told and STATE_OF[told[-1].code] in NEXT[label.state]:
        label.state = STATE_OF[told[-1].code]
        if label.state == ParcelState.DELIVERED:
            label.delivered_at = max(told[-1].happened_at, label.handed_at or told[-1].happened_at)
    label.save()
    for one in fresh:
        emit(ParcelMoved(order_number=label.order.number, label_id=label.pk, code=str(one.code)))
    if any(one.code == EventCode.DELAYED for one in fresh):
        _note(label, TroubleKind.LATE)
    if label.is_return or label.state == before:
        return label  # what follows from a state was done when it came
    if label.state in WRONG:
        _failed(label)
    if label.state in MOVING and before in WRONG and label.shipment is not None:
        parcel_turn_up(label.shipment)  # it was found and is on its way again
    if label.state == ParcelState.DELIVERED:
        _delivered(label)
    return label


def _note(label: Label, kind: TroubleKind) -> None:
    """Into the clerks' queue; once for each parcel and kind."""
    if label.shipment is not None:
        words = f"{label.carrier} {label.tracking_number}: {label.state}"
        trouble_note(label.order, kind, parcel=label.shipment, words=words)


def _failed(label: Label) -> None:
    """It will not arrive: lost, broken, or on its way back to us."""
    parcel = label.shipment
    if parcel is None:
        return
    if parcel.shipped_at is None:  # the carrier has it, whatever the book says
        _note(label, TroubleKind(label.state))
        return
    words = f"{label.carrier} {label.tracking_number}"
    was_damaged = label.events.filter(code=EventCode.DAMAGED).exists()
    parcel_fail(label.order, parcel, label.state, words=words, was_damaged=was_damaged)


def _delivered(label: Label) -> None:
    """The order has arrived with the last of its parcels."""
    order: Order = label.order
    if label.shipment is not None:
        parcel_turn_up(label.shipment)
    if label.shipment is not None and label.shipment.delivered_at is None:
        came = max(label.delivered_at, label.shipment.shipped_at or label.delivered_at)
        label.shipment.delivered_at = came
        label.shipment.save(update_fields=["delivered_at"])
    order_settle_arrival(order)


def parcels_ask(*, limit: int = ASKED_AT_ONCE) -> int:
    """The reconciler: ask about parcels that nobody told of for a while. How many were asked about."""
    _orphans_void()
    since = timezone.now() - SILENT
    rows = Label.objects.filter(state__in=MOVING).filter(
        Q(checked_at__isnull=True) | Q(checked_at__lt=since)
    )
    asked = 0
    for label in rows.order_by("checked_at", "pk")[:limit]:
        try:
            label_refresh(label=label)
        except CarrierUnavailable:
            Label.objects.filter(pk=label.pk).update(checked_at=timezone.now())
            continue
        asked += 1
    return asked


def _orphans_void() -> None:
    """Labels whose box was unpacked are cancelled at the carrier, sooner or later."""
    rows = Label.objects.filter(state=ParcelState.BOUGHT, shipment=None, is_return=False)
    for label in rows.order_by("pk")[:50]:
        try:
            label_void(label=label)
        except (CarrierRefused, CarrierUnavailable):
            continue


def parcels_late(*, limit: int = 500) -> int:
    """Parcels whose promised day is over and that have not come: told to the receiver, once."""
    today = timezone.localdate()
    rows = Label.objects.filter(
        state__in=MOVING,
        promised_until__lt=today,
        told_late_at__isnull=True,
        shipment__delivered_at=None,
    ).order_by("pk")
    return sum(_late_tell(label=label) for label in rows[:limit])


def _is_received(label: Label) -> bool:
    """Whether somebody else than the carrier has said that it arrived."""
    return label.shipment is not None and label.shipment.delivered_at is not None


@retry_on_conflict
def _late_tell(*, label: Label) -> bool:
    label = label_lock(label)
    if label.told_late_at or label.state not in MOVING or _is_received(label):
        return False
    label.told_late_at = timezone.now()
    label.save(update_fields=["told_late_at"])
    _note(label, TroubleKind.LATE)
    emit(ParcelMoved(order_number=label.order.number, label_id=label.pk, code="late"))
    return True
