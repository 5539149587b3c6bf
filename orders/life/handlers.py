"""Mails about what was written and changed."""

from decimal import Decimal

from django.utils import translation

from orders.life.models import OrderEvent, OrderMessage
from orders.life.timeline import edit_words
from orders.mails import order_mail_queue
from shop.core.events import OrderEdited, OrderMessageSent
from shop.core.outbox import on


@on(OrderMessageSent)
def on_message_sent(*, order_number: str, message_id: int, **facts: object) -> None:
    message = OrderMessage.objects.get(pk=message_id)
    order_mail_queue(
        number=order_number, kind="order_message", key=str(message_id), message=message
    )


@on(OrderEdited)
def on_order_edited(*, order_number: str, event_id: int, **facts: object) -> None:
    event = OrderEvent.objects.select_related("order__facts").get(pk=event_id)
    with translation.override(event.order.facts.language):
        changes = edit_words([event])[event.pk]
    order_mail_queue(
        number=order_number,
        kind="order_changed",
        key=str(event_id),
        changes=changes,
        less=Decimal(event.facts.get("less") or 0),
        money=event.facts.get("money", ""),
    )
