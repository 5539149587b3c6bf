"""One order, several payments: each for a part of its sum."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.models import Order
from orders.pages import OrderPage
from orders.services import order_cancel, order_pack, order_place, order_refund, orders_expire
from orders.states import CancelReason, OrderState
from payments.models import WHOLE, IntentState, PaymentIntent, Refund, tender
from payments.selectors import intents_of_order, standing_of
from payments.services import (
    intent_cancel_request,
    intent_capture,
    intent_create,
    intent_open,
    intent_refresh,
    intents_reconcile,
)
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.factories import ProductFactory
from tests.payments.localprovider.support import Running
from tests.sales import basket_with, checkout_of, intent_of, order_of, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


def split(
    by_card: str = "10.00", *, rest: str = "transfer"
) -> tuple[Order, PaymentIntent, PaymentIntent]:
    """An order of which a part is paid by card and the rest by ``rest``; both are open."""
    product = ProductFactory(stock=3, price="40.00")
    order = order_place(checkout=checkout_of(basket_with({product: 1}), payment="stripe"))
    card = intent_of(order)
    card.part, card.amount = tender(1), Decimal(by_card)
    card.save()
    other = intent_create(
        order_number=order.number,
        gateway_code=rest,
        amount=order.total_incl_tax - card.amount,
        currency=order.currency,
        email=card.email,
        language=card.language,
        part=tender(2),
    )
    return order, intent_open(intent=card), intent_open(intent=other)


def pay_card(card: PaymentIntent, provider: Running) -> None:
    provider.control.pay(card.reference)
    intent_refresh(intent=card, source="return")


def fresh(order: Order) -> Order:
    relay()
    order.refresh_from_db()
    return order


@pytest.mark.django_db(transaction=True)
def test_an_order_is_paid_when_its_payments_cover_it_together(provider: Running):
    order, card, transfer = split()

    pay_card(card, provider)

    assert fresh(order).status == OrderState.PENDING
    assert OrderPage(order).can_pay is False
    assert standing_of(order.number).covered == Decimal("10.00")
    call_command("verify")

    at_once(*[partial(intent_capture, intent=transfer)] * 2, relay, relay)

    assert fresh(order).status == OrderState.PAID
    assert order.status_changes.filter(new_status=OrderState.PAID).count() == 1
    assert [fact.name for fact in OrderPage(order).payment_facts][1:] == ["Paid", "Paid"]
    call_command("verify")


def test_what_came_goes_back_when_the_rest_does_not_come(provider: Running):
    order, card, transfer = split()
    pay_card(card, provider)
    PaymentIntent.objects.filter(pk=transfer.pk).update(
        expires_at=timezone.now() - dt.timedelta(minutes=1)
    )

    assert orders_expire() == 1
    intents_reconcile()
    refunds_finish()

    assert fresh(order).status == OrderState.CANCELLED
    (charge,) = provider.control.charges()
    assert charge["amount_refunded"] == charge["amount_captured"] == 1000
    assert standing_of(order.number).possible == 0
    call_command("verify")

    intent_capture(intent=transfer)  # late, and not enough without the other
    assert fresh(order).status == OrderState.CANCELLED
    refunds_finish()
    assert standing_of(order.number).kept == 0
    call_command("verify")


def test_the_courier_brings_what_the_card_did_not_pay(provider: Running):
    order, card, _door = split(rest="cod")
    pay_card(card, provider)

    assert order_pack(order=fresh(order)).status == OrderState.PACKED
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    refunds_finish()
    intents_reconcile()

    states = {one.gateway: one.state for one in intents_of_order(order.number)}
    assert states == {"stripe": IntentState.CAPTURED, "cod": IntentState.CANCELLED}
    assert standing_of(order.number).kept == 0
    fresh(order)
    call_command("verify")


def test_a_refund_takes_from_each_payment_what_it_has_left(provider: Running):
    order, card, transfer = split()
    pay_card(card, provider)
    intent_capture(intent=transfer)
    fresh(order)
    wanted = transfer.amount + 3

    for _twice in range(2):
        order_refund(order=order, amount=wanted, reason="x", key="split", user=None)
    refunds_finish()

    made = {one.intent.gateway: one.amount for one in Refund.objects.select_related("intent")}
    assert made == {"transfer": transfer.amount, "stripe": Decimal("3.00")}
    fresh(order)
    call_command("verify")


def test_a_part_is_asked_for_once_and_paid_once(provider: Running):
    order = order_of(payment="stripe")
    first = intent_of(order)
    again = partial(
        intent_create,
        order_number=order.number,
        gateway_code="transfer",
        amount=first.amount,
        currency=first.currency,
        email="",
        language="en",
    )
    with pytest.raises(IntegrityError, match="intent_one_live_per_part"), transaction.atomic():
        again()

    intent_cancel_request(intent=first)
    second = intent_open(intent=again())
    provider.control.pay(first.reference)  # before the provider heard of it
    intent_capture(intent=second)
    intents_reconcile()
    fresh(order)
    refunds_finish()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.part, second.part) == (f"double:{first.pk}", WHOLE)
    assert first.amount_refunded == first.amount_captured == first.amount
    assert second.amount_refunded == 0
    assert fresh(order).status == OrderState.PAID
    call_command("verify")


def test_pages_speak_of_the_payment_that_still_waits(provider: Running):
    order, card, transfer = split(by_card="10.00")
    intent_capture(intent=transfer)

    page = OrderPage(fresh(order))

    assert page.intent == card
    assert page.can_pay
    assert [fact.name for fact in page.payment_facts] == ["Way to pay", "To be paid", "Paid"]
    pay(order, provider)
    assert fresh(order).status == OrderState.PAID


def test_what_is_held_beside_what_was_paid_is_not_asked_for_again() -> None:
    order = order_of()
    PaymentIntent.objects.filter(order_number=order.number).update(
        part="tender:1", state="captured", amount=5, amount_authorised=5, amount_captured=5
    )
    held = {"amount": 7, "amount_authorised": 7, "currency": "EUR", "gateway": "stripe"}
    PaymentIntent.objects.create(
        order_number=order.number,
        part="tender:2",
        state="authorised",
        is_taken_at_shipment=True,
        **held,
    )

    names = [fact.name for fact in OrderPage(order).payment_facts]

    assert names == ["Way to pay", "Paid", "Held, and taken as your things leave"]
