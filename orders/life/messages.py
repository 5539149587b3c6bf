"""What the shop and the customer write to each other about an order."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from orders.life.models import OrderMessage
from orders.locks import order_lock
from orders.models import Order
from shop.core.events import OrderMessageSent
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit


@retry_on_conflict
def message_send(*, order: Order, text: str, key: UUID, user: Any) -> bool:
    """Write to the customer: mailed once, shown on the order's page; what they wrote is answered.

    False when this ``key`` was sent before.
    """
    order = order_lock(order_id=order.pk)
    if OrderMessage.objects.filter(key=key).exists():
        return False
    message = OrderMessage.objects.create(
        order=order, is_ours=True, text=text, key=key, written_by=user
    )
    messages_close(order=order, user=user)
    emit(OrderMessageSent(order_number=order.number, message_id=message.pk))
    return True


@retry_on_conflict
def message_receive(*, order: Order, text: str, key: UUID, user: Any = None) -> bool:
    """The customer wrote; it waits until somebody answers. False when ``key`` came before."""
    order = order_lock(order_id=order.pk)
    if OrderMessage.objects.filter(key=key).exists():
        return False
    OrderMessage.objects.create(order=order, is_ours=False, text=text, key=key, written_by=user)
    return True


def messages_close(*, order: Order, user: Any) -> int:
    """They were read and nothing is to be said. Returns how many waited."""
    waiting = OrderMessage.objects.filter(order=order, is_ours=False, closed_at__isnull=True)
    return waiting.update(closed_at=timezone.now(), closed_by=user)
