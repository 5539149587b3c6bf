"""From paid to delivered."""

from typing import Any

from django.utils import timezone

from orders.exceptions import ImpossibleStep
from orders.fulfilment.models import Shipment, ShipmentLine
from orders.life.events import state_take
from orders.life.holds import refuse_held
from orders.life.models import Source
from orders.locks import order_lock
from orders.models import Order
from orders.services.lines import units_of
from orders.states import OrderState
from payments.selectors import standing_of
from shop.core.events import OrderDelivered, OrderShipped
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from supply.services import stock_ship


@retry_on_conflict
def order_pack(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """The parcel is ready. Raises ``ImpossibleStep`` unless paid, or to be paid at the door.

    An order without goods has no parcel and raises it too; one on hold raises ``OnHold``.
    """
    order = order_lock(order_id=order.pk)
    refuse_held(order)
    if order.shipping_address_id is None:
        raise ImpossibleStep(f"order {order.number} has nothing to send")
    is_ready = order.status == OrderState.PAID or (
        order.status == OrderState.PENDING and _waits_for_the_door(order)
    )
    if not is_ready:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be packed")
    state_take(order, OrderState.PACKED, user=user, source=source)
    return order


@retry_on_conflict
def order_unpack(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """Undo `order_pack`: back to paid, or to pending where the courier is to be paid."""
    order = order_lock(order_id=order.pk)
    if order.status != OrderState.PACKED:
        raise ImpossibleStep(f"order {order.number} is {order.status}, there is no parcel")
    before = OrderState.PENDING if _waits_for_the_door(order) else OrderState.PAID
    state_take(order, before, user=user, source=source)
    return order


@retry_on_conflict
def order_ship(*, order: Order, carrier: str, tracking_number: str, user: Any = None) -> Shipment:
    """All that is still here leaves in one parcel: stock is consumed, the ledger written.

    Shipping again with the same tracking number returns the parcel that left.
    Raises ``ImpossibleStep`` unless the order is packed, ``OnHold`` while it is to wait.
    """
    order = order_lock(order_id=order.pk)
    known = order.shipments.filter(carrier=carrier, tracking_number=tracking_number).first()
    if known:
        return known
    refuse_held(order)
    if order.status != OrderState.PACKED:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be shipped")
    shipment = Shipment.objects.create(
        order=order, carrier=carrier, tracking_number=tracking_number, shipped_by=user
    )
    leaving = {line: line.num_allocated for line in order.lines.all() if line.num_allocated}
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=line, quantity=quantity)
        for line, quantity in leaving.items()
    )
    stock_ship(units=units_of(leaving), source=f"shipment:{shipment.pk}", user=user)
    for line in leaving:
        line.num_allocated = 0
        line.save(update_fields=["num_allocated"])
    order.set_status(OrderState.SHIPPED)
    emit(OrderShipped(order_id=order.pk, order_number=order.number, shipment_id=shipment.pk))
    return shipment


@retry_on_conflict
def order_deliver(*, order: Order, user: Any = None, source: str = Source.SHOP) -> Order:
    """The parcels have arrived. Raises ``ImpossibleStep`` unless the order is shipped."""
    order = order_lock(order_id=order.pk)
    if order.status == OrderState.DELIVERED:
        return order
    if order.status != OrderState.SHIPPED:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be delivered")
    order.shipments.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())
    state_take(order, OrderState.DELIVERED, user=user, source=source)
    emit(OrderDelivered(order_id=order.pk, order_number=order.number))
    return order


def _waits_for_the_door(order: Order) -> bool:
    """Whether the courier is to bring what is not paid yet."""
    money = standing_of(order.number)
    return bool(money.at_door) and money.covered + money.at_door >= order.total_incl_tax
