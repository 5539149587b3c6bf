"""A transfer was asked for anew, and the one that was given up came: no more of it is wanted."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.additions.models import AdditionState
from orders.additions.pricing import addition_price, ways_of
from orders.additions.services import addition_ask, order_delivery_edit
from orders.life.editing import order_lines_edit
from orders.models import Order
from orders.states import OrderState
from payments.models import PaymentIntent
from payments.selectors import standing_of
from payments.services import intent_capture, intent_open, intent_replace
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04", "S5.16", "S7.03")]


@pytest.fixture
def order() -> Order:
    """Sent express, and paid in full by the first transfer; the second has not come."""
    order = order_of(ProductFactory(price="10.00", stock=9), quantity=3)
    send(order, "express")
    first = intent_of(order)
    intent_open(intent=intent_replace(intent=first))
    intent_capture(intent=PaymentIntent.objects.get(pk=first.pk))
    relay()
    order = Order.objects.get(pk=order.pk)
    assert order.status == OrderState.PAID
    return order


def send(order: Order, code: str) -> Decimal:
    """What that costs more."""
    way = next(one for one in ways_of(order) if one.code == code)
    order_delivery_edit(order=order, code=code, shown=way.more, key=uuid4())
    return way.more


def second_comes(order: Order) -> None:
    intent_capture(intent=PaymentIntent.objects.filter(order_number=order.number).latest("pk"))
    relay()


def kept(order: Order) -> Decimal:
    order.refresh_from_db()
    return standing_of(order.number).kept


def test_nothing_waits_any_more(order: Order) -> None:
    assert standing_of(order.number).hoped == 0


def test_what_a_cheaper_delivery_saves_goes_back(order: Order) -> None:
    before = order.total_incl_tax

    more = send(order, "standard")

    assert more < 0
    assert kept(order) == order.total_incl_tax == before + more
    second_comes(order)
    assert kept(order) == order.total_incl_tax
    call_command("verify")


def test_what_is_taken_out_goes_back(order: Order) -> None:
    line, before = order.lines.get(), order.total_incl_tax

    order_lines_edit(order=order, quantities={line.pk: 1}, key=uuid4())

    assert kept(order) == order.total_incl_tax == before - 20
    second_comes(order)
    assert kept(order) == order.total_incl_tax
    call_command("verify")


def test_what_is_added_waits_for_money_of_its_own(order: Order) -> None:
    things = {order.lines.get().product: 1}
    shown = addition_price(order=order, things=things).incl

    addition_ask(order=order, things=things, shown=shown, key=uuid4())

    assert order.additions.latest("pk").state == AdditionState.WAITING
    assert kept(order) == order.total_incl_tax
