"""Where an order stands once some of it is boxed, has left or was taken out. All under its lock."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from orders.exceptions import EditRefused
from orders.fulfilment.boxes import units_to_box
from orders.fulfilment.consigning import (
    consignment_move,
    is_all_packed,
    open_consignments,
    units_unrouted,
)
from orders.fulfilment.models import (
    PARCEL_KINDS,
    ConsignmentState,
    Outcome,
    ShipmentLine,
    Trouble,
    TroubleKind,
)
from orders.fulfilment.noting import shortages_end, troubles_end
from orders.life.events import state_take
from orders.life.holds import hold_end
from orders.life.models import Source
from orders.models import Line, Order
from orders.papers.services import invoice_issue
from orders.states import OrderState
from payments.selectors import standing_of
from shop.core.events import OrderDelivered
from shop.core.outbox import emit

#: What cannot be boxed waits for somebody at the packing table.
TABLE = (ConsignmentState.ROUTED, ConsignmentState.PICKED)


def is_packable(order: Order) -> bool:
    """Paid, or to be paid at the door, and not packed yet."""
    return order.status == OrderState.PAID or (
        order.status == OrderState.PENDING and waits_for_the_door(order)
    )


def waits_for_the_door(order: Order) -> bool:
    """Whether the courier is to bring what is not paid yet."""
    money = standing_of(order.number)
    return bool(money.at_door) and money.covered + money.at_door >= order.total_incl_tax


def units_away(order: Order) -> dict[int, tuple[int, int]]:
    """By order line: units that a carrier has, and units in boxes that are still here. One query."""
    gone = Q(shipment__shipped_at__isnull=False)
    rows = ShipmentLine.objects.filter(shipment__order=order).order_by().values("order_line")
    sums = rows.annotate(left=Sum("quantity", filter=gone), here=Sum("quantity", filter=~gone))
    return {one["order_line"]: (one["left"] or 0, one["here"] or 0) for one in sums}


def units_waiting(order: Order) -> dict[Line, int]:
    """Units by line that have not left and are in no box: what can still be taken out."""
    here = {pk: boxed for pk, (_gone, boxed) in units_away(order).items()}
    lines = order.lines.filter(num_allocated__gt=0).order_by("pk")
    units = {line: line.num_allocated - here.get(line.pk, 0) for line in lines}
    return {line: number for line, number in units.items() if number > 0}


def refuse_what_is_away(order: Order, wanted: Mapping[Line, int]) -> None:
    """``wanted``: units that are to be left of each line. Raises ``EditRefused``."""
    away = units_away(order)
    for line, units in wanted.items():
        gone, boxed = away.get(line.pk, (0, 0))
        if units < gone:
            text = _("Units that left already cannot be taken out. They can come back.")
            raise EditRefused(text)
        if units < gone + boxed:
            text = _("Some of it is in a parcel already. Take it out of the box first.")
            raise EditRefused(text)


def order_settle_packed(order: Order, *, user: Any = None, source: str = Source.OFFICE) -> bool:
    """With its last box closed the order is packed. False while one is not."""
    if not is_packable(order) or not is_all_packed(order):
        return False
    state_take(order, OrderState.PACKED, user=user, source=source)
    return True


def order_settle_cut(order: Order, *, user: Any = None, source: str = Source.OFFICE) -> None:
    """Units were taken out: what stays may be all packed by now, or all gone.

    It is then packed, shipped, or delivered, by what left; nothing of it waits for anybody.
    """
    shortages_end(order, user=user)
    if not units_unrouted(order):
        troubles_end(order, Outcome.LESS, kinds=(TroubleKind.NO_STOCK,), user=user)
    for consignment in open_consignments(order):
        if consignment.state not in TABLE or any(one.missing for one in consignment.lines.all()):
            continue
        boxes = list(consignment.parcels.filter(shipped_at__isnull=True))
        is_closed = bool(boxes) and all(one.packed_at for one in boxes)
        if is_closed and not any(units_to_box(consignment).values()):
            consignment_move(consignment, ConsignmentState.PACKED)
    if not order.shipments.exists() or not order_settle_packed(order, user=user, source=source):
        return
    if order.lines.filter(num_allocated__gt=0).exists():
        return
    hold_end(order, user=user)
    troubles_end(order, Outcome.LESS, kinds=(TroubleKind.ADDRESS,), user=user)
    state_take(order, OrderState.SHIPPED, user=user, source=source)
    invoice_issue(order_number=order.number)  # that of cash at the door waited for its last parcel
    order_settle_arrival(order, user=user, source=source)


def order_settle_arrival(order: Order, *, user: Any = None, source: str = Source.SHOP) -> bool:
    """With its last parcel it has ended.

    False while one is on its way, or did not arrive and nobody has sent it again or paid it back.
    """
    if order.status not in (OrderState.SHIPPED, OrderState.UNDELIVERED):
        return False
    parcels = list(order.shipments.all())
    if any(one.delivered_at is None and not one.failed for one in parcels):
        return False
    if any(one.delivered_at for one in parcels):
        is_owed = any(one.failed for one in parcels) and _owes_parcels(order)
        if not is_owed:
            order_arrive(order, user=user, source=source)
        return not is_owed
    if order.status == OrderState.UNDELIVERED or _owes_parcels(order):
        return False
    state_take(order, OrderState.UNDELIVERED, user=user, source=source)
    return True


def _owes_parcels(order: Order) -> bool:
    return Trouble.objects.filter(
        order=order, kind__in=PARCEL_KINDS, closed_at__isnull=True
    ).exists()


def order_arrive(order: Order, *, user: Any = None, source: str = Source.SHOP) -> None:
    """It has come, or all of it that was to come."""
    state_take(order, OrderState.DELIVERED, user=user, source=source)
    emit(OrderDelivered(order_id=order.pk, order_number=order.number))
