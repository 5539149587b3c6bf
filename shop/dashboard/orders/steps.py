"""Which steps an order can take now, for the person who looks at it."""

from collections.abc import Sequence

from django.db.models import Prefetch

from orders.fraud.models import CheckState
from orders.fulfilment.models import Shipment, ShipmentLine
from orders.life.models import HoldReason, OrderHold
from orders.life.selectors import EDITABLE, has_left
from orders.life.settling import units_waiting
from orders.models import Order
from orders.states import HOLDING, NEXT, OrderState
from payments.gateways import gateway
from payments.models import IntentState, PaymentIntent
from payments.selectors import standing
from shop.core.office import may

METHODS = {"edit": "GET"}  # a page of its own


def steps_of(
    *, order: Order, intents: Sequence[PaymentIntent], hold: OrderHold | None, user
) -> dict[str, bool]:
    """Each step by its name, True when it is possible and ``user`` may take it.

    Only what the page offers: the services decide again, under a lock, when it is asked for.
    """
    boxes = boxes_here(order)
    is_partly_gone = order.status in HOLDING and has_left(order)
    goes_on = hold is None and not getattr(order, "is_awaited", False)
    possible = {
        "pack": goes_on
        and order.shipping_address_id is not None
        and is_packed_in_part(order, intents),
        "unpack": order.status == OrderState.PACKED,
        "ship": hold is None
        and (
            order.status == OrderState.PACKED or (is_packed_in_part(order, intents) and bool(boxes))
        ),
        "hold": hold is None and order.status in HOLDING,
        "release": hold is not None
        and (not is_for_fraud(order, hold) or may(user, "fraud-approve", "POST")),
        "deliver": order.status == OrderState.SHIPPED and _may_have_arrived(order),
        "edit": order.status in EDITABLE,
        "cancel": OrderState.CANCELLED in NEXT[order.status] and not is_partly_gone,
        "rest-cancel": is_partly_gone and order.status in EDITABLE and bool(units_waiting(order)),
        "refund": order.status != OrderState.PENDING and standing(intents).kept > 0,
        "payment-book": any(is_bookable(one) for one in intents),
        "payment-refresh": any(gateway(one.gateway).is_hosted for one in intents),
    }
    return {
        step.replace("-", "_"): is_possible
        and may(user, f"order-{step}", METHODS.get(step, "POST"))
        for step, is_possible in possible.items()
    }


def is_bookable(intent: PaymentIntent) -> bool:
    """Money that comes outside the browser and has not been booked yet."""
    waits = intent.state in (IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED)
    return waits and not gateway(intent.gateway).is_hosted


def boxes_here(order: Order) -> list[Shipment]:
    """Closed boxes that a carrier can take, with what is in them. Two queries."""
    rows = order.shipments.filter(shipped_at__isnull=True, packed_at__isnull=False)
    lines = ShipmentLine.objects.select_related("order_line__product__parent").order_by("pk")
    return list(rows.prefetch_related(Prefetch("lines", lines)).order_by("pk"))


def is_packed_in_part(order: Order, intents: Sequence[PaymentIntent]) -> bool:
    """Whether what is in a closed box may leave before the rest is packed."""
    return order.status == OrderState.PAID or leaves_before_money(order, intents)


def leaves_before_money(order: Order, intents: Sequence[PaymentIntent]) -> bool:
    """Whether the courier brings what is not paid yet."""
    if order.status != OrderState.PENDING:
        return False
    money = standing(intents)
    return money.at_door > 0 and money.covered + money.at_door >= order.total_incl_tax


def _may_have_arrived(order: Order) -> bool:
    """Whether a parcel is on its way; those that failed do not come by a click."""
    parcels = order.shipments.filter(shipped_at__isnull=False)
    return not parcels.exists() or parcels.filter(failed="", delivered_at__isnull=True).exists()


def is_for_fraud(order: Order, hold: OrderHold) -> bool:
    """Whether releasing it decides about a fraud check, which not everybody may."""
    check = getattr(order, "fraud", None)
    return hold.reason == HoldReason.FRAUD and check is not None and check.state == CheckState.HELD
