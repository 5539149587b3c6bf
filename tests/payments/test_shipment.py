"""Authorised when placed, taken as the goods leave."""

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.papers.models import Document
from orders.services import order_pack, order_ship, shipped_take
from orders.states import OrderState
from payments.models import IntentState, PaymentEntry
from payments.selectors import standing_of
from payments.services import intent_refresh
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.payments.benches import StripeBench
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


@pytest.fixture
def authorised(provider: Running, settings) -> Order:
    """An order whose shopper agreed at the provider; nothing was taken."""
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(ProductFactory(stock=3, price="20.00"), payment="stripe")
    provider.control.pay(intent_of(order).reference)
    intent_refresh(intent=intent_of(order), source="return")
    return fresh(order)


def fresh(order: Order) -> Order:
    relay()
    order.refresh_from_db()
    return order


def shipped(order: Order) -> Order:
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")
    return fresh(order)


def test_money_is_promised_first_and_taken_as_the_goods_leave(authorised, provider: Running):
    assert authorised.status == OrderState.PAID
    assert standing_of(authorised.number).promised == authorised.total_incl_tax
    assert not Document.objects.exists()
    assert shipped_take() == 0
    call_command("verify")

    shipped(authorised)
    with StripeBench().hurried():
        provider.control.fault("drop", "payment_intents.capture")  # taken, the answer is lost
        shipped_take()
    assert intent_of(authorised).state == IntentState.AUTHORISED
    for _twice in range(2):
        shipped_take()

    assert intent_of(authorised).amount_captured == authorised.total_incl_tax
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    (charge,) = provider.control.charges()
    assert charge["amount_captured"] == int(authorised.total_incl_tax * 100)
    fresh(authorised)
    assert Document.objects.count() == 1
    call_command("verify")
