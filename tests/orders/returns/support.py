"""Short ways to an order that has arrived, and to a return of it."""

from typing import Any
from uuid import uuid4

from orders.models import Line, Order
from orders.returns.models import Return
from orders.returns.services import (
    Found,
    Wanted,
    return_approve,
    return_ask,
    return_inspect,
    return_receive,
)
from orders.services import order_deliver, order_pack, order_place, order_ship
from payments.services import intent_capture, intent_open
from shop.core.outbox import relay
from tests import sales
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of, intent_of


def arrived(products: dict[Any, int] | None = None, *, user: Any = None) -> Order:
    """An order that was paid by transfer, sent and delivered."""
    basket = basket_with(products or {ProductFactory(): 1}, owner=user)
    order = order_place(checkout=checkout_of(basket, user=user))
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="00340")
    order_deliver(order=order)
    relay()
    order.refresh_from_db()
    return order


def wanted(line: Line, quantity: int = 1, reason: str = "mind") -> Wanted:
    return Wanted(line_id=line.pk, quantity=quantity, reason=reason)


def asked(order: Order, *lines: Wanted) -> Return:
    """A return of these, or of one unit of the first line."""
    rows = lines or (wanted(order.lines.order_by("pk")[0]),)
    return return_ask(order=order, wanted=rows, key=uuid4(), language=sales.LANGUAGE)


def inspected(order: Order, *lines: Wanted, found: Found | None = None, user: Any = None) -> Return:
    """It came; every unit of every line is as new, or as ``found`` says."""
    back = asked(order, *lines)
    return_approve(back=back, user=user)
    return_receive(back=back, user=user)
    outcomes = {line.pk: found or Found(restock=line.quantity) for line in back.lines.all()}
    return_inspect(back=back, found=outcomes, user=user)
    back.refresh_from_db()
    return back
