"""What each action of a batch does with one order, and what is said of it.

All are safe twice: an order that is where the action would bring it was so already.
"""

from collections.abc import Callable
from uuid import NAMESPACE_OID, uuid5

from django.utils.translation import gettext as _

from orders import services
from orders.carriers.choosing import carrier_for
from orders.carriers.models import Label
from orders.carriers.services import label_buy, label_hand_over
from orders.carriers.states import ParcelState
from orders.exceptions import StepRefused
from orders.fraud.models import CheckState, FraudCheck
from orders.fulfilment.joining import IN_WAVE, wave_join
from orders.fulfilment.models import Batch, BatchAction, RowOutcome, Shipment
from orders.life.holds import order_hold, order_release, refuse_held
from orders.life.messages import message_send
from orders.life.models import HoldReason, Source
from orders.life.selectors import hold_of
from orders.life.settling import is_packable
from orders.models import Order
from orders.states import AFTER_SHIPPING, OrderState

Said = tuple[str, str]


def work_do(batch: Batch, order: Order) -> Said:
    """The outcome and a note. Raises what the services raise."""
    return WORKS[BatchAction(batch.action)](batch, order)


def _route(batch: Batch, order: Order) -> Said:
    is_new = services.order_route(order=order, user=batch.created_by)
    return _new(is_new), _routes_said(order)


def _wave(batch: Batch, order: Order) -> Said:
    """What no warehouse has yet is given to one first. Of several warehouses each has its wave."""
    refuse_held(order)
    if is_packable(order):
        services.order_route(order=order, user=batch.created_by)
    is_new = wave_join(order=order, key=batch.key, user=batch.created_by)
    totes = order.consignments.filter(state__in=IN_WAVE).select_related("wave").order_by("pk")
    said = [
        _("%(wave)s, tote %(tote)s") % {"wave": one.wave, "tote": one.tote}
        for one in totes
        if one.wave
    ]
    return _new(is_new), " + ".join(said)


def _pack(batch: Batch, order: Order) -> Said:
    services.order_pack(order=order, user=batch.created_by, source=Source.OFFICE)
    return RowOutcome.DONE, _routes_said(order)


def _label(batch: Batch, order: Order) -> Said:
    """One for each packed parcel that has none."""
    parcels = _parcels_here(order)
    bought, numbers = 0, []
    for parcel in parcels:
        label = _live(parcel)
        if label is None or label.state == ParcelState.NEW:
            carrier, service = carrier_for(parcel)
            label = label_buy(
                parcel=parcel, carrier=carrier, service=service, user=batch.created_by
            )
            bought += 1
        numbers.append(f"{label.carrier} {label.tracking_number}")
    return _new(bool(bought)), ", ".join(numbers)


def _leave(batch: Batch, order: Order) -> Said:
    """Every parcel that is here leaves with the carrier of its label."""
    if order.status in AFTER_SHIPPING:
        return RowOutcome.SAME, str(OrderState(order.status).label)
    numbers = []
    for parcel in _parcels_here(order):
        label = _live(parcel)
        if label is None or label.state == ParcelState.NEW:
            raise StepRefused(_("It has no label yet."))
        label_hand_over(label=label, user=batch.created_by)
        numbers.append(label.tracking_number)
    return RowOutcome.DONE, ", ".join(numbers)


def _hold(batch: Batch, order: Order) -> Said:
    is_new = order_hold(
        order=order,
        reason=HoldReason(batch.told["reason"]),
        words=batch.told.get("words", ""),
        user=batch.created_by,
    )
    return _new(is_new), ""


def _release(batch: Batch, order: Order) -> Said:
    hold = hold_of(order)
    waits = FraudCheck.objects.filter(order=order, state=CheckState.HELD).exists()
    if hold and hold.reason == HoldReason.FRAUD and waits:
        raise StepRefused(_("It waits for a fraud check; that is decided one by one."))
    is_new = order_release(order=order, words=batch.told["words"], user=batch.created_by)
    return _new(is_new), ""


def _message(batch: Batch, order: Order) -> Said:
    key = uuid5(NAMESPACE_OID, f"{batch.key}:{order.pk}")
    is_new = message_send(order=order, text=batch.told["text"], key=key, user=batch.created_by)
    return _new(is_new), ""


WORKS: dict[BatchAction, Callable[[Batch, Order], Said]] = {
    BatchAction.ROUTE: _route,
    BatchAction.WAVE: _wave,
    BatchAction.PACK: _pack,
    BatchAction.LABEL: _label,
    BatchAction.LEAVE: _leave,
    BatchAction.HOLD: _hold,
    BatchAction.RELEASE: _release,
    BatchAction.MESSAGE: _message,
}
#: Where an order stands once it has the action behind it.
ARRIVED = {BatchAction.PACK: (OrderState.PACKED,)}


def _new(is_new: bool) -> str:
    return RowOutcome.DONE if is_new else RowOutcome.SAME


def _parcels_here(order: Order) -> list[Shipment]:
    parcels = Shipment.objects.filter(order=order, packed_at__isnull=False, shipped_at__isnull=True)
    found = list(parcels.select_related("order__shipping_address", "order__facts").order_by("pk"))
    if not found:
        raise StepRefused(_("No packed parcel of it is here."))
    return found


def _live(parcel: Shipment) -> Label | None:
    return Label.objects.filter(shipment=parcel).exclude(state=ParcelState.VOID).first()


def _routes_said(order: Order) -> str:
    places = order.consignments.exclude(state="void").values_list("warehouse__name", flat=True)
    return " + ".join(dict.fromkeys(places))
