"""When the money comes, things are handed over; when it goes back, they are taken back."""

from django.db import transaction

from catalog.models import Kind
from orders.handover import services
from orders.handover.selectors import NOTHING, handover_of, kind_of_line
from orders.mails import order_mail_queue
from orders.selectors import order_of_number
from orders.whole import lines_shared
from payments.selectors import standing_of
from payments.wallets.services import cards_send_due
from shop.core.events import OrderCancelled, OrderPaid, OrderReleased, PaymentRefunded
from shop.core.outbox import on


@on(OrderPaid, locks="wallet")
def on_order_paid(*, order_number: str, **facts: object) -> None:
    """Gift cards of today are mailed at once, the others by the clock."""
    with transaction.atomic(savepoint=False):  # it is delivered in one already
        order = services.order_hand_over(order_number=order_number)
        lines = lines_shared(order)
        is_goods = lines and all(kind_of_line(line) == Kind.GOODS for line in lines)
        handed = NOTHING if is_goods else handover_of(order)
        if handed:
            cards_send_due()
            order_mail_queue(number=order.number, kind="order_handover")


@on(OrderReleased)
def on_order_released(*, order_number: str, **facts: object) -> None:
    """What was paid while it was on hold is handed over now."""
    on_order_paid(order_number=order_number)


@on(OrderCancelled)
def on_order_cancelled(*, order_number: str, **facts: object) -> None:
    services.order_take_back(order_number=order_number)


@on(PaymentRefunded)
def on_payment_refunded(*, order_number: str, **facts: object) -> None:
    """Only when all of it went back: a part says nothing about which line it was for."""
    is_all = standing_of(order_number).covered <= 0
    if is_all and order_of_number(order_number) is not None:
        services.order_take_back(order_number=order_number)
