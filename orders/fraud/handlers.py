"""When orders are checked: a moment after they are placed, and again when their money is there or promised."""

from orders.fraud import services
from shop.core.events import (
    OrderCancelled,
    OrderPlaced,
    OrderReleased,
    PaymentAuthorised,
    PaymentCaptured,
)
from shop.core.outbox import on


@on(OrderPlaced, locks="fraud check")
def on_order_placed_check(*, order_number: str, network: str = "", **facts: object) -> None:
    services.order_check(order_number=order_number, network=network)


@on(PaymentAuthorised, locks="fraud check", covers=on_order_placed_check)
@on(PaymentCaptured, locks="fraud check", covers=on_order_placed_check)
def on_payment_captured_check(
    *,
    order_number: str,
    network: str = "",
    card: str = "",
    card_country: str = "",
    **facts: object,
) -> None:
    """Promised money counts as well: where it is taken as the goods leave it would be too late to look then.

    ``network``: where it is told of the order itself, too, because it was paid before anybody looked.
    """
    services.order_check(
        order_number=order_number, network=network, card=card, card_country=card_country
    )


@on(OrderReleased)
def on_order_released_check(*, order_number: str, **facts: object) -> None:
    services.order_was_released(order_number=order_number)


@on(OrderCancelled)
def on_order_cancelled_check(*, order_number: str, **facts: object) -> None:
    services.order_is_over(order_number=order_number)
