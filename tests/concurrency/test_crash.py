"""The process is killed at the worst moments; what is left must find its way by itself."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from orders.models import Order
from orders.services import order_place, order_refund
from orders.states import OrderState
from payments.models import IntentState, PaymentEntry, PaymentIntent, Refund
from payments.services import intents_reconcile, refunds_resume
from shop.core import outbox
from shop.core.models import OutboxDelivery
from tests.factories import ProductFactory
from tests.payments.localprovider.support import KEY, SECRET, Running
from tests.sales import basket_with, checkout_of, intent_of, order_of, paid_order, pay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03", "S5.16")]
ROOT = Path(__file__).parents[2]


def killed(where: str, order: Order, provider: Running) -> None:
    """Run `tests.concurrency.crash` on the test's database and see it die."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.concurrency.crash_settings",
        "CRASH_DATABASE": database["NAME"],
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_API_BASE": provider.url,
    }
    command = [sys.executable, "-m", "tests.concurrency.crash", where, order.number]
    child = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


def forget_when_asked() -> None:
    """As if the time had passed after which the reconciler asks again."""
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    PaymentIntent.objects.update(checked_at=None, created_at=long_ago)


def test_killed_between_capture_and_booking_is_paid_exactly_once(provider: Running):
    product = ProductFactory(stock=3)
    order = order_of(product, payment="stripe")
    provider.control.pay(intent_of(order).reference)

    killed("after-capture", order, provider)
    order.refresh_from_db()
    assert order.status == OrderState.PENDING
    assert not PaymentEntry.objects.exists()

    forget_when_asked()
    intents_reconcile()
    outbox.relay()
    intents_reconcile()
    outbox.relay()

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert PaymentEntry.objects.filter(kind="captured").count() == 1
    assert len(provider.control.charges()) == 1
    assert product.stockrecords.get().num_allocated == 1
    call_command("verify")


def test_killed_after_opening_is_opened_again_as_the_same_payment(provider: Running):
    checkout = checkout_of(basket_with({ProductFactory(): 1}), payment="stripe")
    order = order_place(checkout=checkout)

    killed("after-open", order, provider)
    assert intent_of(order).state == IntentState.NEW

    forget_when_asked()
    intents_reconcile()

    pay(order, provider)
    outbox.relay()
    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert len(provider.control.charges()) == 1
    call_command("verify")


def test_a_worker_killed_in_a_delivery_gives_it_back_whole(provider: Running):
    order = order_of(payment="stripe")
    pay(order, provider)

    killed("in-handler", order, provider)
    order.refresh_from_db()
    assert order.status == OrderState.PENDING
    assert OutboxDelivery.objects.filter(
        event__name="PaymentCaptured", delivered_at__isnull=True
    ).exists()

    outbox.relay()

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert order.status_changes.filter(new_status=OrderState.PAID).count() == 1
    call_command("verify")


def test_killed_after_a_refund_sends_it_once(provider: Running):
    order = paid_order(provider)
    order_refund(order=order, amount=order.total_incl_tax, reason="x", key="once", user=None)

    killed("in-refund", order, provider)
    assert Refund.objects.get().state == "pending"
    Refund.objects.update(due_at=timezone.now())
    refunds_resume()

    assert Refund.objects.get().state == "done"
    (charge,) = provider.control.charges()
    assert charge["amount_refunded"] == charge["amount_captured"]
    assert PaymentEntry.objects.filter(kind="refunded").count() == 1
