"""A paid order goes to the warehouse that sends it; so does one that is to be paid at the door."""

from orders.fulfilment.troubles import order_route_or_note
from shop.core.events import OrderPaid
from shop.core.outbox import on


@on(OrderPaid)
def on_order_paid(*, order_number: str, **facts: object) -> None:
    order_route_or_note(order_number=order_number)
