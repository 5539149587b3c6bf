"""Mails about what was written and changed."""

from decimal import Decimal

from django.utils import translation

from orders.additions.selectors import addition_waiting
from orders.life.models import OrderEvent, OrderMessage
from orders.life.timeline import ADDITION_ASKED, edit_words
from orders.links import addition_url
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
    if event.facts.get("step") == ADDITION_ASKED:
        _ask(event, changes)
        return
    order_mail_queue(
        number=order_number,
        kind="order_changed",
        key=str(event_id),
        changes=changes,
        less=Decimal(event.facts.get("less") or 0),
        money=event.facts.get("money", ""),
    )


def _ask(event: OrderEvent, changes: str) -> None:
    """With the link; not if it is over before the mail is written."""
    addition = addition_waiting(event.order)
    if addition is None or addition.number != event.facts["addition"]:
        return
    order_mail_queue(
        number=event.order.number,
        kind="order_addition",
        key=str(event.pk),
        changes=changes,
        addition=addition,
        pay_url=addition_url(event.order),
    )
