"""What orders do when something happened elsewhere."""

from orders import services
from shop.core.events import PaymentCaptured, PaymentFailed
from shop.core.outbox import on


@on(PaymentCaptured)
def on_payment_captured(*, order_number: str, intent_id: int, **facts: object) -> None:
    services.order_mark_paid(order_number=order_number, intent_id=intent_id)


@on(PaymentFailed)
def on_payment_failed(*, order_number: str, intent_id: int, **facts: object) -> None:
    services.order_payment_ended(order_number=order_number, intent_id=intent_id)
