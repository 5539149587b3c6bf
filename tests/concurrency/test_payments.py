"""The same money, told many times."""

import json
import time
from decimal import Decimal
from functools import partial

import pytest
import stripe
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from orders.coming_back import payment_settle
from orders.services import order_place, order_refund, orders_expire
from orders.states import OrderState
from payments.exceptions import RefundTooLarge
from payments.gateways import gateway
from payments.models import PaymentEntry, PaymentIntent, Refund, WebhookEvent
from payments.services import (
    intent_move,
    intent_refresh,
    intents_reconcile,
    refunds_resume,
    webhooks_process,
)
from shop.core import outbox
from shop.core.models import OutboxDelivery, OutboxEvent
from supply.models import Reason
from supply.services import stock_move
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory
from tests.payments.localprovider.support import SECRET, Running
from tests.sales import basket_with, checkout_of, intent_of, order_of, paid_order, pay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03", "S5.16", "S7.03")]


def signed(event: dict) -> dict[str, str | bytes]:
    """The request of a provider's message, as `Client.post` takes it."""
    body = json.dumps(event)
    stamp = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", SECRET)
    return {
        "path": reverse("payments:webhook", args=["stripe"]),
        "data": body,
        "content_type": "application/json",
        "headers": {"Stripe-Signature": f"t={stamp},v1={signature}"},
    }


def completed(intent: PaymentIntent) -> dict:
    return {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": {"object": "checkout.session", "metadata": {"intent": str(intent.key)}}},
    }


def test_the_same_webhook_twenty_times_is_one_capture(provider: Running):
    order = order_of(payment="stripe")
    intent = intent_of(order)
    provider.control.pay(intent.reference)

    answers = at_once(*[lambda: Client().post(**signed(completed(intent)))] * 20)
    assert [one.status_code for one in answers] == [200] * 20
    at_once(*[webhooks_process] * 4)
    at_once(*[outbox.relay] * 4)

    assert WebhookEvent.objects.count() == 1
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    order.refresh_from_db()
    assert order.status == OrderState.PAID
    call_command("verify")


def test_return_webhook_and_reconciler_at_once_are_one_capture(provider: Running):
    order = order_of(payment="stripe")
    intent = intent_of(order)
    provider.control.pay(intent.reference)

    outcomes = at_once(
        *(partial(intent_refresh, intent=intent, source=source) for source in "abcdefgh")
    )

    assert {one.state for one in outcomes} == {"captured"}
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    assert OutboxEvent.objects.filter(name="PaymentCaptured").count() == 1


def test_returns_and_messages_at_once_are_one_capture_and_one_paid_order(provider: Running):
    order = order_of(payment="stripe")
    intent = intent_of(order)
    provider.control.pay(intent.reference)
    Client().post(**signed(completed(intent)))

    back = partial(payment_settle, intent)
    outcomes = at_once(*[back] * 4, *[webhooks_process] * 2, *[outbox.relay] * 2)

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    outbox.relay()
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    assert OutboxEvent.objects.filter(name="PaymentCaptured").count() == 1
    assert list(order.status_changes.values_list("new_status", flat=True)) == ["paid"]
    assert OutboxEvent.objects.filter(name="OrderPaid").count() == 1
    assert not OutboxDelivery.objects.filter(delivered_at=None).exists()
    call_command("verify")


def test_control_without_the_lock_one_payment_is_booked_twice(provider: Running, monkeypatch):
    """Both read that nothing is booked, both book. The ledger's own constraint is what remains."""
    intent = intent_of(order_of(payment="stripe"))
    provider.control.pay(intent.reference)
    monkeypatch.setattr(
        "payments.services.intents.intent_lock", lambda pk: PaymentIntent.objects.get(pk=pk)
    )

    outcomes = at_once(*[partial(intent_refresh, intent=intent, source="return")] * 8)

    errors = [one for one in outcomes if isinstance(one, Exception)]
    assert errors
    assert all("entry_once_per_reference" in str(one) for one in errors)


def test_two_refunds_at_once_never_exceed_what_was_captured(provider: Running):
    order = paid_order(provider, ProductFactory(price="100.00"))
    part = (order.total_incl_tax * Decimal("0.6")).quantize(Decimal("0.01"))

    outcomes = at_once(
        *(
            partial(order_refund, order=order, amount=part, reason="x", key=f"k{index}", user=None)
            for index in range(6)
        )
    )

    assert kinds(outcomes) == {"Refund": 1, "RefundTooLarge": 5}
    at_once(*[refunds_resume] * 4)
    assert [charge["amount_refunded"] for charge in provider.control.charges()] == [part * 100]
    assert PaymentEntry.objects.filter(kind="refunded").count() == 1
    call_command("verify")


def test_the_same_refund_clicked_eight_times_is_one(provider: Running):
    order = paid_order(provider)

    outcomes = at_once(
        *[
            partial(
                order_refund,
                order=order,
                amount=order.total_incl_tax,
                reason="x",
                key="same",
                user=None,
            )
        ]
        * 8
    )

    assert {one.pk for one in outcomes} == {Refund.objects.get().pk}
    with pytest.raises(RefundTooLarge):
        order_refund(order=order, amount=Decimal("0.01"), reason="x", key="more", user=None)


def _expired(order) -> PaymentIntent:
    intent = intent_of(order)
    PaymentIntent.objects.filter(pk=intent.pk).update(expires_at=order.date_placed)
    assert orders_expire() == 1
    return intent_of(order)


def test_money_that_comes_late_is_honoured_when_the_stock_is_there(provider: Running):
    product = ProductFactory(stock=1)
    order = order_of(product, payment="stripe")
    provider.control.pay(intent_of(order).reference)
    _expired(order)
    assert product.stockrecords.get().num_allocated == 0

    at_once(intents_reconcile, intents_reconcile)
    at_once(outbox.relay, outbox.relay)

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert product.stockrecords.get().num_allocated == 1
    assert not Refund.objects.exists()
    call_command("verify")


def test_money_that_comes_late_is_sent_back_when_the_stock_is_gone(provider: Running):
    product = ProductFactory(stock=1)
    order = order_of(product, payment="stripe")
    provider.control.pay(intent_of(order).reference)
    _expired(order)
    order_place(checkout=checkout_of(basket_with({product: 1})))

    intents_reconcile()
    outbox.relay()
    refunds_resume()

    order.refresh_from_db()
    assert order.status == OrderState.CANCELLED
    (charge,) = provider.control.charges()
    assert charge["amount_refunded"] == charge["amount_captured"] > 0
    assert product.stockrecords.get().num_allocated == 1
    call_command("verify")


def test_expiry_never_refunds_and_then_ships(provider: Running):
    """The capture is booked, its news still queued, and the clock strikes."""
    product = ProductFactory(stock=1)
    order = order_of(product, payment="stripe")
    pay(order, provider)
    PaymentIntent.objects.update(expires_at=order.date_placed)

    at_once(orders_expire, outbox.relay, orders_expire)

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert not Refund.objects.exists()
    call_command("verify")


def test_several_relays_deliver_each_event_once():
    product = ProductFactory(stock=10)
    seen: list[int] = []

    class Counted(outbox.Event):
        pass

    try:
        outbox.on(Counted)(lambda: seen.append(1))
        with transaction.atomic():
            for _ in range(40):
                outbox.emit(Counted())
        stock_move(
            stock_record_id=product.stockrecords.get().pk,
            quantity=1,
            reason=Reason.RECEIVED,
            source="receipt:1",
        )

        delivered = at_once(*[outbox.relay] * 6)
    finally:
        outbox._handlers.pop("Counted", None)

    assert len(seen) == 40
    assert sum(delivered) >= 40
    assert not OutboxDelivery.objects.filter(delivered_at__isnull=True).exists()


def test_a_provider_that_repeats_itself_changes_nothing(provider: Running):
    order = paid_order(provider)
    intent = intent_of(order)
    told = gateway("stripe").fetch(intent)

    at_once(*[partial(intent_move, intent_id=intent.pk, provider=told, source="webhook")] * 8)

    assert PaymentEntry.objects.filter(kind="captured").count() == 1
