"""Every call to the outside has a timeout and a test in which it fails."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
import stripe
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from orders.services import order_cancel, order_place, order_refund
from orders.states import CancelReason, OrderState
from payments import gateways
from payments.exceptions import (
    GatewayRefused,
    GatewayUnavailable,
    ImpossibleStep,
    RefundTooLarge,
    WebhookInvalid,
)
from payments.gateways import stripe as gateway_module
from payments.gateways.stripe import StripeGateway, _translated
from payments.models import IntentState, PaymentEntry, PaymentIntent, Refund, WebhookEvent
from payments.services import (
    intent_capture,
    intent_move,
    intent_open,
    intent_refresh,
    intents_reconcile,
    refund_request,
    refund_send,
    refunds_resume,
    webhook_receive,
    webhooks_process,
)
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.payments.localprovider.support import SECRET, Running
from tests.sales import basket_with, checkout_of, intent_of, order_of, paid_order, pay

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]


def order_of_new(provider: Running) -> Order:
    """Placed, and the provider not yet asked."""
    basket = basket_with({ProductFactory(): 1})
    return order_place(checkout=checkout_of(basket, payment="stripe"))


CALLS = {
    "open": ("checkout.sessions.create", lambda g, i: g.open(i)),
    "fetch": ("checkout.sessions.retrieve", lambda g, i: g.fetch(i)),
    "cancel": ("checkout.sessions.*", lambda g, i: g.cancel(i)),
    "refund": ("refunds.*", lambda g, i: g.refund(i, amount=Decimal("1.00"), key="k")),
    "charges": ("charges.list", lambda g, i: g.charges(created_after=0)),
}


@pytest.fixture
def impatient(monkeypatch) -> Iterator[None]:
    """Give up at once instead of after eight seconds, twice."""
    monkeypatch.setattr(gateway_module, "TIMEOUT_SECONDS", 0.4)
    monkeypatch.setattr(gateway_module, "NETWORK_RETRIES", 0)
    gateway_module._client.cache_clear()
    yield
    gateway_module._client.cache_clear()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("fault", ["hang", "drop", "error", "refuse"])
def test_a_call_that_gets_no_clear_answer_may_be_made_again(
    name: str, fault: str, provider: Running, impatient: None
):
    operation, call = CALLS[name]
    intent = intent_of(paid_order(provider))
    provider.control.fault(fault, operation, times=None)
    started = time.monotonic()

    with pytest.raises(GatewayUnavailable):
        call(StripeGateway(), intent)
    assert time.monotonic() - started < 5

    provider.control.clear()
    call(StripeGateway(), intent)


@pytest.mark.parametrize("status", [400, 402, 404])
def test_only_a_clear_no_is_final(status: int):
    def refuse() -> None:
        raise stripe.InvalidRequestError("no", None, http_status=status)

    with pytest.raises(GatewayRefused):
        _translated(refuse)()


@pytest.mark.parametrize("status", [None, 200, 401, 403, 409, 429, 500, 503])
def test_what_is_no_clear_no_is_asked_again(status: int | None):
    def fail() -> None:
        raise stripe.APIError("?", http_status=status)

    with pytest.raises(GatewayUnavailable):
        _translated(fail)()


def test_a_lost_answer_to_open_gives_the_same_session(provider: Running, impatient: None):
    order = order_of_new(provider)
    provider.control.fault("drop", "checkout.sessions.create")
    with pytest.raises(GatewayUnavailable):
        intent_open(intent=intent_of(order))
    assert intent_of(order).state == IntentState.NEW

    first = intent_open(intent=intent_of(order)).reference
    again = StripeGateway().open(intent_of(order)).reference

    assert first == again


def test_a_payment_opened_late_can_still_be_paid(provider: Running):
    """Stripe refuses sessions that end too soon; our own clock ends the hold."""
    order = order_of_new(provider)
    PaymentIntent.objects.update(expires_at=timezone.now() + dt.timedelta(minutes=2))

    intent = intent_open(intent=intent_of(order))

    assert intent.pay_url
    pay(order, provider)
    assert intent_of(order).state == IntentState.CAPTURED


@pytest.mark.parametrize("outcome", ["decline", "insufficient_funds"])
def test_a_card_that_does_not_pay_leaves_the_order_waiting(outcome: str, provider: Running):
    order = order_of(payment="stripe")
    provider.control.pay(intent_of(order).reference, outcome)

    intent_refresh(intent=intent_of(order), source="return")

    assert intent_of(order).state == IntentState.OPEN
    pay(order, provider)
    assert intent_of(order).state == IntentState.CAPTURED
    call_command("verify")


def test_the_provider_down_changes_nothing_and_is_asked_again(provider: Running, impatient: None):
    order = order_of(payment="stripe")
    provider.control.pay(intent_of(order).reference)
    PaymentIntent.objects.update(checked_at=None)
    provider.control.fault("error", "*", times=None)

    assert intents_reconcile() == 1
    assert intent_of(order).state == IntentState.OPEN

    provider.control.clear()
    PaymentIntent.objects.update(checked_at=None)
    intents_reconcile()
    relay()
    order.refresh_from_db()
    assert order.status == OrderState.PAID


def test_one_payment_that_fails_never_blocks_the_others(provider: Running, monkeypatch):
    poisoned, healthy = order_of(payment="stripe"), order_of(payment="stripe")
    provider.control.pay(intent_of(healthy).reference)
    PaymentIntent.objects.update(checked_at=None)
    fetch = StripeGateway.fetch

    def fetch_or_fail(self: StripeGateway, intent: PaymentIntent):
        if intent.order_number == poisoned.number:
            raise RuntimeError("a shape that nobody foresaw")
        return fetch(self, intent)

    monkeypatch.setattr(StripeGateway, "fetch", fetch_or_fail)

    assert intents_reconcile() == 2
    assert intent_of(healthy).state == IntentState.CAPTURED


def test_money_of_another_amount_is_not_taken_for_payment(provider: Running):
    order = order_of(payment="stripe")
    intent = intent_of(order)
    provider.control.pay(intent.reference)
    told = StripeGateway().fetch(intent)
    wrong = type(told)(**{**vars(told), "amount_captured": told.amount_captured - 1})

    moved = intent_move(intent_id=intent.pk, provider=wrong, source="webhook")

    assert moved.state == IntentState.OPEN
    assert "provider has" in moved.problem
    assert not PaymentEntry.objects.exists()


def test_a_refund_whose_answer_was_lost_is_made_once(provider: Running, impatient: None):
    order = paid_order(provider)
    refund = order_refund(order=order, amount=Decimal("2.00"), reason="x", key="r", user=None)
    provider.control.fault("drop", "refunds.create")

    assert refund_send(refund=refund).state == "pending"
    assert refund_send(refund=Refund.objects.get()).state == "done"

    (charge,) = provider.control.charges()
    assert charge["amount_refunded"] == 200


def test_a_refund_is_found_again_when_its_key_is_forgotten(provider: Running, monkeypatch):
    """Keys live a day; the provider's own list lives as long as the money."""
    intent = intent_of(paid_order(provider))
    first = StripeGateway().refund(intent, amount=Decimal("1.00"), key="once")

    monkeypatch.setattr("payments.gateways.stripe.to_minor", lambda amount, currency: 101)
    again = StripeGateway().refund(intent, amount=Decimal("1.00"), key="once")

    assert again == first


def test_a_refund_that_is_refused_frees_the_amount(provider: Running, monkeypatch):
    order = paid_order(provider)
    refund = order_refund(order=order, amount=Decimal("2.00"), reason="x", key="r", user=None)

    def refuse(*args: object, **kwargs: object) -> None:
        raise GatewayRefused("the account is closed")

    monkeypatch.setattr(StripeGateway, "refund", refuse)
    refunds_resume()

    refund.refresh_from_db()
    intent = intent_of(order)
    assert (refund.state, intent.amount_refunded) == ("refused", 0)
    assert "the account is closed" in intent.problem
    call_command("verify")


@pytest.mark.parametrize("amount", ["0", "-1", "99999"])
def test_a_refund_is_more_than_nothing_and_no_more_than_was_paid(amount: str, provider: Running):
    intent = intent_of(paid_order(provider))

    with pytest.raises(RefundTooLarge):
        refund_request(intent=intent, amount=Decimal(amount), reason="x", key="k")
    with pytest.raises(ValueError, match="not an amount"):
        refund_request(intent=intent, amount=Decimal("NaN"), reason="x", key="k")

    assert not Refund.objects.exists()


def test_cancelling_closes_the_hosted_page(provider: Running):
    order = order_of(payment="stripe")
    session = intent_of(order).reference
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    intents_reconcile()

    assert intent_of(order).state == IntentState.CANCELLED
    provider.control.pay(session)  # a page that was left open in the browser
    assert provider.control.charges() == []


def message(*, age: float = 0, secret: str = SECRET, **changes: object) -> tuple[bytes, dict]:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.updated",
        "data": {"object": {"object": "charge", "metadata": {}}},
        **changes,
    }
    body = json.dumps(event)
    stamp = int(time.time() - age)
    signature = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", secret)
    return body.encode(), {"Stripe-Signature": f"t={stamp},v1={signature}"}


SPOILT = {
    "unsigned": (message()[0], {}),
    "altered": (message()[0] + b" ", message()[1]),
    "other secret": message(secret="whsec_other"),
    "stale": message(age=3600),
    "future": message(age=-3600),
    "no json": (b"\xff\xfe", {"Stripe-Signature": "t=1,v1=2"}),
    "no time": (message()[0], {"Stripe-Signature": "v1=abc"}),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_message_is_refused_and_leaves_nothing(name: str, provider: Running):
    body, headers = SPOILT[name]

    answer = Client().post(
        reverse("payments:webhook", args=["stripe"]),
        data=body,
        content_type="application/json",
        headers=headers,
    )

    assert answer.status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        '"x"',
        "{}",
        "[" * 5000,
        '{"id": null, "type": 5, "data": null}',
        '{"id": {"a": 1}, "object": "event", "type": [], "data": {"object": []}}',
        '{"id": "e\\u0000", "object": "event", "type": "x", "data": {"object": {}}}',
        json.dumps({"id": "e" * 201, "object": "event", "type": "x", "data": {"object": {}}}),
    ],
)
def test_signed_nonsense_is_refused_too(text: str, provider: Running):
    at = int(time.time())
    scheme = stripe.WebhookSignature._compute_signature(f"{at}.{text}", SECRET)

    answer = Client().post(
        reverse("payments:webhook", args=["stripe"]),
        data=text,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={at},v1={scheme}"},
    )

    assert answer.status_code == 400
    assert not WebhookEvent.objects.exists()


def test_without_a_secret_no_message_is_believed(provider: Running, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    body, headers = message(secret="")

    with pytest.raises(WebhookInvalid):
        StripeGateway().parse_webhook(body, headers)


def test_messages_of_providers_that_send_none_are_refused():
    for provider, status in (("transfer", 400), ("cod", 400), ("nobody", 404)):
        answer = Client().post(
            reverse("payments:webhook", args=[provider]), data=b"{}", content_type="text/plain"
        )
        assert answer.status_code == status


def test_messages_out_of_order_end_in_the_same_truth(provider: Running):
    order = order_of(payment="stripe")
    intent = intent_of(order)
    pay(order, provider)
    for number, kind in enumerate(["charge.refunded", "charge.succeeded", "checkout.expired"]):
        thing = {"object": "charge", "metadata": {"intent": str(intent.key)}}
        body, headers = message(id=f"evt_{number}", type=kind, data={"object": thing})
        received = webhook_receive(provider="stripe", body=body, headers=headers)
        assert received == (True, False), "the return was quicker, and nothing can follow"

    assert webhooks_process() == 0

    assert intent_of(order).state == IntentState.CAPTURED
    assert set(WebhookEvent.objects.values_list("outcome", flat=True)) == {"nothing new"}


def test_a_message_about_what_is_settled_meanwhile_asks_the_provider_nothing(
    provider: Running, monkeypatch
):
    order = order_of(payment="stripe")
    thing = {"object": "charge", "metadata": {"intent": str(intent_of(order).key)}}
    body, headers = message(data={"object": thing})
    assert webhook_receive(provider="stripe", body=body, headers=headers) == (True, True)
    assert webhook_receive(provider="stripe", body=body, headers=headers) == (False, False)
    pay(order, provider)
    monkeypatch.setattr(StripeGateway, "fetch", lambda *args: pytest.fail("nothing can follow"))

    assert webhooks_process() == 1
    assert WebhookEvent.objects.get().outcome == "nothing new"


def test_all_messages_about_what_is_settled_meanwhile_are_one_statement(
    provider: Running, django_assert_num_queries
):
    order = order_of(payment="stripe")
    keys = [str(intent_of(order).key)] * 3 + ["no key", str(uuid4())]
    for number, key in enumerate(keys):
        thing = {"object": "charge", "metadata": {"intent": key}}
        body, headers = message(id=f"evt_{number}", data={"object": thing})
        assert webhook_receive(provider="stripe", body=body, headers=headers) == (True, True)
    pay(order, provider)

    with django_assert_num_queries(1 + 2 + 3 + 1):  # the others one by one, and that none is left
        assert webhooks_process() == 5

    said = WebhookEvent.objects.order_by("pk").values_list("outcome", "attempts")
    strange = ("concerns no intent of ours", 1)
    assert list(said) == [("nothing new", 1)] * 3 + [strange] * 2
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_a_message_that_comes_late_is_one_statement(
    client, provider: Running, django_assert_num_queries
):
    order = order_of(payment="stripe")
    pay(order, provider)
    thing = {"object": "charge", "metadata": {"intent": str(intent_of(order).key)}}
    body, headers = message(data={"object": thing})

    with django_assert_num_queries(1):
        answer = client.post(
            reverse("payments:webhook", args=["stripe"]),
            data=body,
            content_type="application/json",
            headers=headers,
        )

    assert (answer.status_code, answer.content) == (200, b"ok")
    event = WebhookEvent.objects.get()
    assert (event.outcome, event.attempts, event.reference) == (
        "nothing new",
        0,
        thing["metadata"]["intent"],
    )
    assert event.processed_at == event.received_at


def test_a_message_that_cannot_be_worked_off_is_parked_in_the_end(provider: Running, monkeypatch):
    intent = intent_of(order_of(payment="stripe"))
    thing = {"object": "charge", "metadata": {"intent": str(intent.key)}}
    body, headers = message(data={"object": thing})
    webhook_receive(provider="stripe", body=body, headers=headers)

    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("payments.services.webhooks.intent_refresh", fail)
    for _ in range(12):
        WebhookEvent.objects.update(due_at=intent.created_at)
        webhooks_process()

    event = WebhookEvent.objects.get()
    assert event.parked_at is not None
    assert "ZeroDivisionError" in event.last_error


def test_a_transfer_that_comes_after_its_order_was_given_up_is_booked():
    order = order_of(payment="transfer")
    order_cancel(order=order, reason=CancelReason.EXPIRED)
    intents_reconcile()
    assert intent_of(order).state == IntentState.CANCELLED

    intent_capture(intent=intent_of(order))
    relay()

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    with pytest.raises(ImpossibleStep):
        intent_capture(intent=intent_of(order))


def test_stripe_is_offered_only_with_a_key(settings):
    def offered() -> list[str]:
        return [one.code for one in gateways.gateways_offered(currency="EUR")]

    settings.STRIPE_SECRET_KEY = ""
    assert offered() == ["transfer", "cod"]
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    assert offered() == ["stripe", "transfer", "cod"]
    assert all(one.label and one.help for one in gateways.gateways_all())
