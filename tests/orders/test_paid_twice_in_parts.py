"""One part of an order was paid twice while others were still to come: nobody loses the rest of it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.life.editing import order_lines_edit
from orders.models import Order
from orders.services import order_cancel
from orders.states import CancelReason, OrderState
from payments.models import IntentState, PaymentIntent, tender
from payments.selectors import standing_of
from payments.services import intent_capture, intent_create, intent_open, intent_replace
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.sales import intent_of, order_of, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

SMALL = Decimal("2.00")


@pytest.fixture
def order() -> Order:
    """Asked for in three parts; the third, the greatest, was asked for anew and so can come twice."""
    order = order_of()
    PaymentIntent.objects.filter(pk=intent_of(order).pk).update(part=tender(1), amount=SMALL)
    for number, amount in ((2, SMALL), (3, order.total_incl_tax - 2 * SMALL)):
        made = intent_create(
            order_number=order.number,
            gateway_code="transfer",
            amount=amount,
            currency=order.currency,
            email="",
            language="en",
            part=tender(number),
        )
        intent_open(intent=made)
    intent_open(intent=intent_replace(intent=made))
    return order


def come(order: Order, *places: int) -> None:
    """The payments at these places, from 0, in the order in which they were asked for."""
    intents = list(PaymentIntent.objects.filter(order_number=order.number).order_by("pk"))
    for place in places:
        intent_capture(intent=intents[place])
    relay()


def test_all_of_it_goes_back_from_an_order_that_was_cancelled(order: Order) -> None:
    come(order, 0)
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    relay()

    come(order, 1, 2, 3)

    money = standing_of(order.number)
    assert money.captured > order.total_incl_tax
    assert money.kept == 0


def test_more_of_it_goes_back_as_another_part_comes(order: Order) -> None:
    come(order, 2, 3, 0)
    assert standing_of(order.number).kept == order.total_incl_tax

    come(order, 1)

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert standing_of(order.number).kept == order.total_incl_tax


def test_what_an_edit_makes_too_much_goes_back_at_once() -> None:
    """A first part came twice, and a second one is still waited for as most of the goods are taken out."""
    order = order_of(ProductFactory(price="10.00", stock=2), quantity=2)
    first, part = intent_of(order), Decimal("10.00")
    PaymentIntent.objects.filter(pk=first.pk).update(part=tender(1), amount=part)
    rest = intent_create(
        order_number=order.number,
        gateway_code="transfer",
        amount=order.total_incl_tax - part,
        currency=order.currency,
        email="",
        language="en",
        part=tender(2),
    )
    intent_open(intent=rest)
    first.refresh_from_db()
    again = intent_replace(intent=first)
    intent_open(intent=again)
    for intent in (again, PaymentIntent.objects.get(pk=first.pk)):
        intent_capture(intent=intent)
    relay()
    assert standing_of(order.number).kept == 2 * part < order.total_incl_tax

    order_lines_edit(order=order, quantities={order.lines.get().pk: 1}, key=uuid4())

    order.refresh_from_db()
    rest.refresh_from_db()
    assert order.status == OrderState.PAID
    assert rest.state == IntentState.CANCELLING
    assert standing_of(order.number).kept == order.total_incl_tax < 2 * part
    relay()
    refunds_finish()
    relay()
    call_command("verify")
