"""A paid order goes to the warehouse that sends it; so does one that is to be paid at the door."""

from orders.fulfilment.troubles import order_route_or_note
from shop.core.events import OrderEdited, OrderPaid, PaymentAuthorised
from shop.core.outbox import on


@on(OrderPaid, locks="stock in a warehouse")
def on_order_paid(*, order_number: str, **facts: object) -> None:
    order_route_or_note(order_number=order_number)


@on(PaymentAuthorised)
def on_payment_promised(*, order_number: str, **facts: object) -> None:
    """Cash on delivery never says "paid" before the parcel is there. What is not to be sent yet is left."""
    order_route_or_note(order_number=order_number)


@on(OrderEdited)
def on_order_edited(*, order_number: str, **facts: object) -> None:
    """What was added goes to a warehouse too. Where nothing is left to route, nothing happens."""
    order_route_or_note(order_number=order_number)
