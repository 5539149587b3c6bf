"""Reading why orders are held."""

from django.db.models import Exists, OuterRef, QuerySet

from orders.life.models import OrderHold
from orders.models import Order
from orders.states import OrderState

#: Before these an order has not left, and can be told to wait.
HOLDABLE = (OrderState.PENDING, OrderState.PAID, OrderState.PACKED)


def hold_of(order: Order) -> OrderHold | None:
    """Why it waits; None when nothing keeps it. One query."""
    rows = OrderHold.objects.filter(order=order, released_at__isnull=True)
    return rows.select_related("held_by").first()


def is_held() -> Exists:
    """To annotate or filter orders with."""
    return Exists(OrderHold.objects.filter(order=OuterRef("pk"), released_at__isnull=True))


def orders_held() -> QuerySet[Order]:
    return Order.objects.filter(is_held())
