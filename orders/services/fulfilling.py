"""From paid to delivered."""

from typing import Any

from django.utils import timezone

from orders.exceptions import ImpossibleStep
from orders.fulfilment.boxes import box_leave, boxes_empty, rest_box
from orders.fulfilment.consigning import consignments_make
from orders.fulfilment.models import Shipment
from orders.life.events import state_take
from orders.life.holds import refuse_held
from orders.life.models import Source
from orders.life.settling import is_packable, order_arrive, waits_for_the_door
from orders.locks import order_lock
from orders.models import Order
from orders.services.unpaid import refuse_unpaid
from orders.states import OrderState
from shop.core.events import OrderShipped
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit


@retry_on_conflict
def order_route(*, order: Order, user: Any = None) -> bool:
    """Give what no warehouse has yet to the warehouses that send it. False: nothing was left to.

    Raises ``ImpossibleStep`` unless the order may be packed, ``NoRoute`` if nobody can send it.
    """
    order = order_lock(order_id=order.pk)
    if not is_packable(order):
        raise ImpossibleStep(f"order {order.number} is {order.status} and is not to be sent")
    return bool(consignments_make(order, user=user))


@retry_on_conflict
def order_pack(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """All that is still here is in its boxes, one for each warehouse that was not scanned.

    Raises ``ImpossibleStep`` unless paid, or to be paid at the door. An order without goods has no
    parcel and raises it too; one on hold raises ``OnHold``, one that nobody can send ``NoRoute``.
    """
    order = order_lock(order_id=order.pk)
    refuse_held(order)
    if order.shipping_address_id is None:
        raise ImpossibleStep(f"order {order.number} has nothing to send")
    if not is_packable(order):
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be packed")
    consignments_make(order, user=user)
    rest_box(order, user=user)
    state_take(order, OrderState.PACKED, user=user, source=source)
    return order


@retry_on_conflict
def order_unpack(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """Undo `order_pack`: back to paid, or to pending where the courier is to be paid."""
    order = order_lock(order_id=order.pk)
    if order.status != OrderState.PACKED:
        raise ImpossibleStep(f"order {order.number} is {order.status}, there is no parcel")
    before = OrderState.PENDING if waits_for_the_door(order) else OrderState.PAID
    boxes_empty(order)
    state_take(order, before, user=user, source=source)
    return order


@retry_on_conflict
def order_ship(*, order: Order, carrier: str, tracking_number: str, user: Any = None) -> Shipment:
    """All that is still here leaves in one parcel: stock is consumed, the ledger written.

    Shipping again with the same tracking number returns the parcel that left.
    Raises ``ImpossibleStep`` unless the order is packed, and in one parcel; ``OnHold`` while it is
    to wait.
    """
    order = order_lock(order_id=order.pk)
    known = order.shipments.filter(carrier=carrier, tracking_number=tracking_number).first()
    if known and known.shipped_at:
        return known
    refuse_held(order)
    if order.status != OrderState.PACKED:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be shipped")
    boxes = list(order.shipments.filter(shipped_at__isnull=True))
    if not boxes:  # packed before there were boxes
        consignments_make(order, user=user)
        boxes = rest_box(order, user=user)
    if len(boxes) > 1:
        raise ImpossibleStep(f"order {order.number} leaves in {len(boxes)} parcels, each by itself")
    return parcel_ship(parcel=boxes[0], carrier=carrier, tracking_number=tracking_number, user=user)


@retry_on_conflict
def parcel_ship(
    *, parcel: Shipment, carrier: str, tracking_number: str, user: Any = None
) -> Shipment:
    """One closed box leaves with the carrier; the order is shipped when it was the last.

    A parcel that left is returned as it is. Raises ``ImpossibleStep`` for one that was unpacked,
    is not closed, has the number of another, or whose order ended, ``OnHold`` while the order is to wait,
    ``NotPaid`` where the authorisation that was to pay it has ended.
    """
    order = order_lock(order_id=parcel.order_id)
    fresh = order.shipments.select_related("warehouse", "consignment__warehouse")
    box = fresh.filter(pk=parcel.pk).first()
    if box is None:
        raise ImpossibleStep(f"a parcel of order {order.number} was unpacked")
    if box.shipped_at:
        return box
    refuse_held(order)
    if box.packed_at is None:
        raise ImpossibleStep(f"a parcel of order {order.number} is not closed")
    if order.status != OrderState.PACKED and not is_packable(order):
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be shipped")
    refuse_unpaid(order, box)
    twin = order.shipments.filter(carrier=carrier, tracking_number=tracking_number)
    if twin.exclude(pk=box.pk).exists():
        raise ImpossibleStep(f"another parcel of order {order.number} has this number")
    box_leave(box, carrier=carrier, tracking_number=tracking_number, user=user)
    if order.status == OrderState.PACKED and not order.lines.filter(num_allocated__gt=0).exists():
        order.set_status(OrderState.SHIPPED)
    emit(OrderShipped(order_id=order.pk, order_number=order.number, shipment_id=box.pk))
    return box


@retry_on_conflict
def order_deliver(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """The parcels have arrived, but for those that failed. Raises ``ImpossibleStep`` unless the order
    is shipped, and while none may have arrived.
    """
    order = order_lock(order_id=order.pk)
    if order.status == OrderState.DELIVERED:
        return order
    if order.status != OrderState.SHIPPED:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be delivered")
    parcels = order.shipments.filter(shipped_at__isnull=False)
    if parcels.exists() and not parcels.filter(failed="").exists():
        raise ImpossibleStep(f"no parcel of order {order.number} arrived")
    parcels.filter(delivered_at__isnull=True, failed="").update(delivered_at=timezone.now())
    order_arrive(order, user=user, source=source)
    return order
