"""Reading why orders are held and what was written about them."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from orders.additions.selectors import is_awaited
from orders.life.models import OrderHold, OrderMessage
from orders.models import Order
from orders.states import OrderState
from shop.core.prepared import INTEGER, Prepared

HELD = "SELECT unnest(ARRAY(SELECT order_id FROM life_orderhold WHERE released_at IS NULL))"
#: Before these an order can still be changed.
EDITABLE = (OrderState.PENDING, OrderState.PAID)


def has_left(order: Order) -> bool:
    """Whether a carrier has a part of it, or all."""
    return order.shipments.filter(shipped_at__isnull=False).exists()


def hold_of(order: Order) -> OrderHold | None:
    """Why it waits; None when nothing keeps it. One query."""
    return next(iter(_holds_of.read(order=order.pk)), None)


_holds_of: Prepared[OrderHold] = Prepared(
    lambda order: (
        OrderHold.objects.filter(order=order, released_at__isnull=True)
        .select_related("held_by")
        .order_by("pk")
    ),
    order=INTEGER,
)


def is_held() -> Q:
    """To annotate or filter orders with. What waits for the payment of an addition waits too."""
    return _has_hold() | is_awaited()


def is_free() -> Q:
    """The opposite, in a form that the database joins by: for orders of a whole table."""
    return Q(~_has_hold(), ~is_awaited())


def _has_hold() -> Exists:
    return Exists(OrderHold.objects.filter(order=OuterRef("pk"), released_at__isnull=True))


def orders_held() -> QuerySet[Order]:
    """That somebody told to wait. By their keys, which are few: joined, a planner with old statistics goes through all
    orders for them."""
    return Order.objects.filter(pk__in=RawSQL(HELD, []))  # noqa: S611 - a constant


def orders_with_messages() -> QuerySet[Order]:
    """Whose customers wrote and wait for an answer."""
    waiting = OrderMessage.objects.filter(
        order=OuterRef("pk"), is_ours=False, closed_at__isnull=True
    )
    return Order.objects.filter(Exists(waiting))


def messages_of(order: Order) -> QuerySet[OrderMessage]:
    """Oldest first."""
    rows = OrderMessage.objects.filter(order=order).select_related("written_by")
    return rows.order_by("written_at", "pk")
