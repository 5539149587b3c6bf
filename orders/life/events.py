"""Who took a step, and from where."""

from typing import Any

from orders.life.models import EventKind, OrderEvent, Source
from orders.models import Order


def state_take(
    order: Order, state: str, *, user: Any = None, source: str = Source.SHOP
) -> OrderEvent:
    """Under the order's lock: the order takes its next state, and who took it is kept."""
    order.set_status(state)
    change = order.status_changes.latest("pk")
    return OrderEvent.objects.create(
        order=order, kind=EventKind.STATE, change=change, actor=user, source=source
    )
