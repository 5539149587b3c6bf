"""Papers follow the money. Each handler is safe twice: its service finds what was issued."""

from orders.papers import services
from shop.core.events import OrderPaid, OrderShipped, PaymentRefunded
from shop.core.outbox import on


@on(OrderPaid, locks="series of papers")
def on_order_paid(*, order_number: str, **facts: object) -> None:
    services.invoice_issue(order_number=order_number)


@on(OrderShipped)
def on_order_shipped(*, order_number: str, **facts: object) -> None:
    """What is paid at the door has its invoice from the moment it leaves."""
    services.invoice_issue(order_number=order_number)


@on(PaymentRefunded)
def on_payment_refunded(*, refund_id: int, **facts: object) -> None:
    services.credit_note_issue(refund_id=refund_id)
