"""Authorised when placed, taken as the goods leave."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from orders.mails import order_mail_queue
from orders.models import Order
from orders.pages import OrderPage
from orders.papers.models import Document
from orders.selectors import order_of_number
from orders.services import order_cancel, order_pack, order_ship, shipped_take
from orders.states import CancelReason, OrderState
from payments.models import Capture, IntentState, PaymentEntry, PaymentIntent
from payments.selectors import standing_of
from payments.services import intent_refresh, intents_reconcile
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
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


WORDS = {
    "en": (
        "Payment held",
        "Your payment is held, and taken as your things leave. We are getting them ready.",
    ),
    "zh-hans": ("付款已授权", "付款已授权，将在发货时收取。我们正在备货。"),
}


@pytest.mark.parametrize("language", WORDS)
def test_what_is_only_held_is_not_said_to_be_paid(authorised, bench: Bench, language: str, client):
    chip, sentence = WORDS[language]
    number = authorised.number
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    with override(language):
        page = OrderPage(order_of_number(number))
        assert (page.state_word, page.sentence) == (chip, sentence)
        office = client.get(reverse("dashboard:order-detail", args=[number])).content.decode()
    assert {"en": "is held, not taken yet", "zh-hans": "已授权，尚未收取"}[language] in office

    with override(language):
        relay()
        order_mail_queue(number=number, kind="order_confirmation", key="again")
        # Its mail went out in the order's own language; this one, of the same kind, says the same.
    mail = Mail.objects.filter(kind="order_confirmation", reference=number).latest("pk")
    assert WORDS["en"][1] in mail.text
    assert WORDS["en"][1] in mail.html


def test_beside_what_a_wallet_paid_the_rest_is_held(authorised):
    intent = intent_of(authorised)
    PaymentIntent.objects.filter(pk=intent.pk).update(
        part="tender:2", amount=intent.amount - 5, amount_authorised=intent.amount - 5
    )
    paid = {"amount": 5, "amount_authorised": 5, "amount_captured": 5, "currency": "EUR"}
    PaymentIntent.objects.create(
        order_number=authorised.number, part="tender:1", state="captured", gateway="credit", **paid
    )

    page = OrderPage(order_of_number(authorised.number))

    assert page.sentence == (
        "The rest of your payment is held, and taken as your things leave. We are getting them ready."
    )
    page.order.is_held = True
    assert page.sentence.endswith("We are looking at something before they do.")


def test_once_it_was_taken_it_is_here(authorised, bench: Bench, provider: Running):
    shipped(authorised)
    with bench.hurried():
        shipped_take()
    fresh(authorised)

    page = OrderPage(order_of_number(authorised.number))

    assert not page.is_money_held
    assert page.sentence == "Your parcel is on its way."


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
