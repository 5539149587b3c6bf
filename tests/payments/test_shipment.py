"""Authorised when placed, taken as the goods leave."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.papers.models import Document
from orders.services import order_cancel, order_pack, order_ship, shipped_take
from orders.states import CancelReason, OrderState
from payments.models import IntentState, PaymentEntry, PaymentIntent
from payments.selectors import standing_of
from payments.services import intent_refresh, intents_reconcile
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


def test_less_is_taken_where_the_order_costs_less(authorised, provider: Running):
    shipped(authorised)
    Order.objects.update(
        total_incl_tax=authorised.total_incl_tax - 5, total_excl_tax=authorised.total_excl_tax - 5
    )

    shipped_take()

    intent = intent_of(authorised)
    assert (intent.state, intent.problem) == (IntentState.CAPTURED, "")
    assert intent.amount_captured == authorised.total_incl_tax - 5
    (charge,) = provider.control.charges()
    assert charge["amount_captured"] == int(intent.amount_captured * 100)


def test_a_cancelled_order_releases_what_was_promised(authorised, provider: Running):
    order_cancel(order=authorised, reason=CancelReason.OPERATOR)
    intents_reconcile()

    assert intent_of(authorised).state == IntentState.CANCELLED
    (charge,) = provider.control.charges()
    assert charge["amount_captured"] == 0
    fresh(authorised)
    call_command("verify")


@pytest.mark.parametrize("has_left", [False, True])
def test_a_promise_that_ended_sends_nothing_for_nothing(authorised, provider: Running, has_left):
    if has_left:
        shipped(authorised)
    intent = intent_of(authorised)
    gateway_id = StripeBench.gateway._payment_intent_id(intent)
    StripeBench.gateway._client.v1.payment_intents.cancel(gateway_id)
    PaymentIntent.objects.update(checked_at=authorised.date_placed.replace(year=2020))

    if has_left:
        shipped_take()
    intents_reconcile()

    intent.refresh_from_db()
    assert intent.state == IntentState.CANCELLED
    assert fresh(authorised).status == (OrderState.SHIPPED if has_left else OrderState.CANCELLED)
    assert ("the goods left" in intent.problem) == has_left
    assert standing_of(authorised.number).covered == Decimal(0)
    if not has_left:
        call_command("verify")
