"""Authorised when placed, taken as the goods leave."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.papers.models import Document
from orders.services import order_cancel, order_pack, order_ship, shipped_take
from orders.states import CancelReason, OrderState
from payments.models import Capture, IntentState, PaymentEntry
from payments.selectors import standing_of
from payments.services import intent_refresh, intents_reconcile
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.payments.benches import PROMISING, Bench, PaypalBench, bench_open
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


@pytest.fixture(params=PROMISING, ids=lambda one: one.gateway.code)
def bench(request, provider: Running) -> Iterator[Bench]:
    with bench_open(request.param, provider) as one:
        yield one


@pytest.fixture
def authorised(bench: Bench, provider: Running, settings) -> Order:
    """An order whose shopper agreed at the provider; nothing was taken."""
    code = bench.gateway.code
    settings.CAPTURE_AT_SHIPMENT = [code]
    order = order_of(ProductFactory(stock=3, price="20.00"), payment=code)
    bench.pay(provider, intent_of(order))
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


def test_money_is_promised_first_and_taken_as_the_goods_leave(
    authorised, bench: Bench, provider: Running
):
    assert authorised.status == OrderState.PAID
    assert standing_of(authorised.number).promised == authorised.total_incl_tax
    assert not Document.objects.exists()
    assert shipped_take() == 0
    call_command("verify")

    shipped(authorised)
    with bench.hurried():
        provider.control.fault("drop", bench.takes)  # taken, the answer is lost
        shipped_take()
    assert intent_of(authorised).state == IntentState.AUTHORISED
    Capture.objects.update(due_at=authorised.date_placed)  # it would have waited for some seconds
    for _twice in range(2):
        shipped_take()

    assert intent_of(authorised).amount_captured == authorised.total_incl_tax
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    assert bench.taken(provider) == (int(authorised.total_incl_tax * 100), 0)
    fresh(authorised)
    assert Document.objects.count() == 1
    call_command("verify")


@pytest.mark.parametrize("bench", [PaypalBench()], indirect=True, ids=["paypal"])
def test_a_promise_that_grew_old_is_asked_for_anew_and_one_not_wanted_is_given_back(
    authorised, bench: Bench, provider: Running
):
    intent = intent_of(authorised)
    provider.control.age_trade(intent.reference, days=4)
    shipped(authorised)

    shipped_take()

    assert intent_of(authorised).amount_captured == authorised.total_incl_tax
    second = order_of(ProductFactory(stock=3, price="9.00"), payment="paypal")
    bench.pay(provider, intent_of(second))
    assert intent_refresh(intent=intent_of(second), source="return").state == "authorised"
    order_cancel(order=fresh(second), reason=CancelReason.OPERATOR)
    intents_reconcile()
    assert intent_of(second).state == IntentState.CANCELLED
    assert [one["status"] for one in provider.control.trades()] == ["paid", "closed"]
