"""Two parcels of one order handed over at once: each is taken once, and together they are the order."""

from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.fulfilment.models import Shipment
from orders.services import parcel_ship, shipped_take
from payments.models import Capture, IntentState, PaymentEntry
from payments.services import intent_refresh
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.factories import ProductFactory
from tests.payments.benches import PROMISING, Bench, bench_open
from tests.payments.localprovider.support import Running
from tests.payments.parcels import box_of, promised_order
from tests.sales import intent_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.16", "S7.03")]


@pytest.fixture(params=PROMISING, ids=lambda one: one.gateway.code)
def bench(request, provider: Running, settings):
    settings.CAPTURE_AT_SHIPMENT = [request.param.gateway.code]
    with bench_open(request.param, provider) as one:
        yield one


def leave(parcel: Shipment) -> int:
    parcel_ship(parcel=parcel, carrier="DHL", tracking_number=uuid4().hex)
    return shipped_take()


def test_two_parcels_handed_over_at_once_are_taken_once_each(bench: Bench, provider: Running):
    cup, pot = ProductFactory(stock=5, price="10.01"), ProductFactory(stock=5, price="30.00")
    order = promised_order(bench, provider, {cup: 3, pot: 1})
    boxes = [box_of(order, {cup: 2}), box_of(order, {cup: 1, pot: 1})]

    outcomes = at_once(
        *[lambda box=box: leave(box) for box in boxes],
        shipped_take,
        lambda: intent_refresh(intent=intent_of(order), source="webhook"),
    )
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    Capture.objects.update(due_at=order.date_placed)
    at_once(shipped_take, shipped_take, shipped_take)
    relay()

    intent = intent_of(order)
    assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, order.total_incl_tax)
    assert bench.taken(provider) == (int(order.total_incl_tax * 100), 0)
    money = PaymentEntry.objects.filter(kind="captured")
    assert money.count() == Capture.objects.filter(amount__gt=0).count() == 2
    assert Capture.objects.filter(is_final=True).count() == 1
    call_command("verify")
