"""One part of an order was paid twice while others were still to come: nobody loses the rest of it."""

from decimal import Decimal

import pytest

from orders.models import Order
from orders.services import order_cancel
from orders.states import CancelReason, OrderState
from payments.models import PaymentIntent, tender
from payments.selectors import standing_of
from payments.services import intent_capture, intent_create, intent_open, intent_replace
from shop.core.outbox import relay
from tests.sales import intent_of, order_of

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
