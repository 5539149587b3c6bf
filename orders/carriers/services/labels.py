"""Labels: bought, cancelled, handed over. The carrier is asked while no lock is held."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from orders.carriers.base import Carrier, Wanted
from orders.carriers.exceptions import CarrierRefused
from orders.carriers.locks import label_lock
from orders.carriers.models import Label
from orders.carriers.registry import carrier_of, carriers_selling
from orders.carriers.services.contracts import agreed_cost
from orders.carriers.states import NEXT, ParcelState
from orders.checkout.countries import address_lines
from orders.exceptions import ImpossibleStep
from orders.fulfilment.models import Shipment
from orders.locks import order_lock
from orders.models import Order
from orders.rates.loads import load_of
from orders.rates.selectors import point_of
from orders.services import parcel_ship
from orders.shipping.repository import POINT
from shop.core.locks import retry_on_conflict
from shop.core.names import name_shown


def label_buy(*, parcel: Shipment, carrier: str, service: str = "", user: Any = None) -> Label:
    """The label of a packed parcel. A second call, and one after a crash, gives the same one.

    Raises ``ImpossibleStep`` for a parcel that is not packed or has left, ``CarrierRefused`` (the
    label is then void) or ``CarrierUnavailable`` (ask again: the key is kept).
    """
    _seller(carrier)
    return _finish(_label_write(parcel=parcel, carrier=carrier, service=service, user=user))


def return_label_buy(*, order: Order, key: UUID, weight_g: int, user: Any = None) -> Label:
    """A label for the way back to us, by the first carrier that sells any. The same ``key`` gives the
    same label. Raises as `label_buy` does; ``CarrierRefused`` where nobody sells labels."""
    seller = next(iter(carriers_selling()), None)
    if seller is None:
        raise CarrierRefused("nobody sells labels here")
    label, _is_new = Label.objects.get_or_create(
        key=key,
        defaults={
            "order": order,
            "is_return": True,
            "carrier": seller.code,
            "service": seller.services[0],
            "weight_g": max(1, weight_g),
            "made_by": user,
        },
    )
    return _finish(label)


def return_label_drop(*, label: Label) -> Label:
    """The customer handed it in; the carrier is told, as its scanner would. Twice is once."""
    if label.state == ParcelState.BOUGHT:
        label = _label_move(label=label, state=ParcelState.HANDED, handed_at=timezone.now())
    if label.state == ParcelState.HANDED:
        _seller(label.carrier).hand_over(label.tracking_number)
    return label


def _finish(label: Label) -> Label:
    """Ask the carrier for a label that is not bought yet."""
    if label.state != ParcelState.NEW:
        return label
    by = _seller(label.carrier)
    service = label.service or next(iter(by.services), "")
    try:
        bought = by.buy(_wanted(label))
    except CarrierRefused as error:
        _label_move(label=label, state=ParcelState.VOID, problem=error.message[:200])
        raise
    return _label_move(
        label=label,
        state=ParcelState.BOUGHT,
        tracking_number=bought.tracking_number,
        cost=bought.cost,
        agreed=agreed_cost(label, service=service),
        pdf=bought.pdf,
        bought_at=timezone.now(),
        service=service,
        problem="",
    )


def label_void(*, label: Label) -> Label:
    """Cancel a label that was not used. Twice is once. Raises ``ImpossibleStep`` once it has left."""
    if label.state == ParcelState.VOID:
        return label
    if ParcelState.VOID not in NEXT[label.state]:
        raise ImpossibleStep(f"{label.tracking_number} is with the carrier already")
    if label.tracking_number:
        _seller(label.carrier).void(label.tracking_number)
    return _label_move(label=label, state=ParcelState.VOID)


def label_hand_over(*, label: Label, user: Any = None) -> Label:
    """The carrier takes the parcel: it leaves the warehouse's books, and the carrier is told.

    Twice is once. Raises ``ImpossibleStep`` for a label that is not bought or whose box was
    unpacked, ``OnHold`` while the order is to wait.
    """
    if label.handed_at is None:
        label = _label_leave(label=label, user=user)
    _seller(label.carrier).hand_over(label.tracking_number)
    return label


@retry_on_conflict
def _label_leave(*, label: Label, user: Any) -> Label:
    label = label_lock(label)
    if label.handed_at:
        return label
    if label.state != ParcelState.BOUGHT or label.shipment is None:
        raise ImpossibleStep(f"label {label.pk} is {label.state} and cannot be handed over")
    parcel_ship(
        parcel=label.shipment,
        carrier=label.carrier,
        tracking_number=label.tracking_number,
        user=user,
    )
    label.state, label.handed_at = ParcelState.HANDED, timezone.now()
    label.checked_at = label.handed_at
    label.save(update_fields=["state", "handed_at", "checked_at"])
    return label


@retry_on_conflict
def _label_write(*, parcel: Shipment, carrier: str, service: str, user: Any) -> Label:
    """The parcel's live label, or a new row for one; committed before anybody is asked."""
    order = order_lock(order_id=parcel.order_id)
    known = Label.objects.filter(shipment_id=parcel.pk).exclude(state=ParcelState.VOID).first()
    if known:
        return known
    fresh = Shipment.objects.filter(pk=parcel.pk).first()
    if fresh is None or fresh.packed_at is None or fresh.shipped_at is not None:
        raise ImpossibleStep(f"a parcel of order {order.number} is not packed, or has left")
    return Label.objects.create(
        order=order,
        shipment=fresh,
        carrier=carrier,
        service=service,
        weight_g=parcel_weight(fresh),
        promised_from=order.facts.promised_from,
        promised_until=order.facts.promised_until,
        made_by=user,
    )


@retry_on_conflict
def _label_move(*, label: Label, state: str, **facts: Any) -> Label:
    """One legal step, with what came with it. What somebody else did meanwhile stands."""
    label = label_lock(label)
    if state not in NEXT[label.state]:
        return label
    label.state = state
    for name, value in facts.items():
        setattr(label, name, value)
    label.save(update_fields=["state", *facts])
    return label


def _seller(code: str) -> Carrier:
    found = carrier_of(code)
    if found is None or not found.sells_labels or not found.is_ready:
        raise CarrierRefused(f"{code} sells no labels here")
    return found


def parcel_weight(parcel: Shipment) -> int:
    """In grams: as it was weighed, else what its things weigh."""
    if parcel.weight_g:
        return parcel.weight_g
    lines = parcel.lines.select_related("order_line__product__parent")
    return max(1, load_of((line.order_line.product, line.quantity) for line in lines)[0])


def _wanted(label: Label) -> Wanted:
    """To the door, or to the point where it waits for its receiver."""
    if label.is_return:
        return _wanted_back(label)
    order, address = label.order, label.order.shipping_address
    lines = tuple(address_lines(address))
    country, postcode = address.country_id, address.postcode or ""
    if order.shipping_code.startswith(POINT):
        point = point_of(order.shipping_code.removeprefix(POINT))
        if point is not None:
            who = name_shown(address.first_name, address.last_name)
            lines = (who, point.name, point.street, f"{point.postcode} {point.city}")
            country, postcode = point.country, point.postcode
    return Wanted(
        key=str(label.key),
        service=label.service or _seller(label.carrier).services[0],
        order_number=order.number,
        lines=lines,
        country=country,
        postcode=postcode,
        weight_g=label.weight_g,
    )


def _wanted_back(label: Label) -> Wanted:
    """To where parcels come back; its last line may be the code of a country."""
    lines = [part.strip() for part in settings.RETURN_ADDRESS.split("|") if part.strip()]
    is_code = bool(lines) and len(lines[-1]) == 2 and lines[-1].isupper()
    return Wanted(
        key=str(label.key),
        service=label.service,
        order_number=label.order.number,
        lines=tuple(lines),
        country=lines[-1] if is_code else settings.STORE_COUNTRY,
        postcode="",
        weight_g=label.weight_g,
    )
