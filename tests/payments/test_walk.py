"""Random legal and illegal steps of the payments of one order: nothing is ever lost or made."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from orders.exceptions import ImpossibleStep
from orders.models import Order
from orders.services import order_cancel, order_place, order_refund, orders_expire
from orders.states import SOLD, CancelReason, OrderState
from payments.exceptions import PaymentError
from payments.models import PaymentIntent, Refund, RefundState, tender
from payments.selectors import intents_of_order, standing_of
from payments.services import intent_capture, intent_create, intent_open, intents_reconcile
from payments.services import refunds_resume as send
from shop.core.outbox import relay
from shop.core.verify import invariants
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of, intent_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

REFUSED = (PaymentError, ImpossibleStep)
OF_MONEY = ("money: refunded", "money: captured", "money: every", "orders: what is paid", "ledger")


def in_parts(product) -> Order:
    """An order that three transfers pay for."""
    order = order_place(checkout=checkout_of(basket_with({product: 1})))
    first = intent_of(order)
    rest, part = order.total_incl_tax, Decimal("7.00")
    PaymentIntent.objects.filter(pk=first.pk).update(part=tender(1), amount=part)
    for number, amount in ((2, part), (3, rest - 2 * part)):
        intent_create(
            order_number=order.number,
            gateway_code="transfer",
            amount=amount,
            currency=order.currency,
            email="",
            language="en",
            part=tender(number),
        )
    for intent in PaymentIntent.objects.all():
        intent_open(intent=intent)
    return order


def steps_of(order: Order) -> dict[str, Callable[[int], object]]:
    """What may be tried; the number says with which payment, or with how much."""
    intents = list(intents_of_order(order.number).order_by("pk"))

    def capture(number: int) -> None:
        fresh = PaymentIntent.objects.get(pk=intents[number % 3].pk)
        intent_capture(intent=fresh)

    def refund(number: int) -> None:
        amount = Decimal(number)
        order_refund(order=order, amount=amount, reason="x", key=f"r{number}", user=None)

    def expire(number: int) -> None:
        late = PaymentIntent.objects.filter(pk=intents[number % 3].pk)
        late.update(expires_at=order.date_placed)
        orders_expire()

    return {
        "capture": capture,
        "capture again": capture,
        "refund": refund,
        "expire": expire,
        "cancel": lambda _number: order_cancel(order=order, reason=CancelReason.OPERATOR),
        "relay": lambda _number: relay(),
        "send": lambda _number: send(),
        "reconcile": lambda _number: intents_reconcile(),
    }


STEPS = some.lists(
    some.tuples(
        some.sampled_from(
            ["capture", "capture again", "refund", "expire", "cancel", "relay", "send", "reconcile"]
        ),
        some.integers(-1, 40),
    ),
    max_size=10,
)


def check(order: Order) -> None:
    """What holds after each step, whoever was told of it already."""
    money = standing_of(order.number)
    assert 0 <= money.refunded <= money.captured
    asked = Refund.objects.exclude(state=RefundState.REFUSED)
    assert money.refunded == sum(asked.values_list("amount", flat=True), Decimal(0))
    order.refresh_from_db()
    if order.status == OrderState.CANCELLED:
        assert order.lines.get().num_allocated == 0


def test_no_walk_loses_money_or_makes_any():
    product = ProductFactory(price="30.00", stock=2)
    steps_done: list[int] = []

    @given(STEPS)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def walk(path: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            order = in_parts(product)
            steps = steps_of(order)
            for name, number in path:
                with suppress(*REFUSED), transaction.atomic():
                    steps[name](number)
                steps_done.append(number)
                check(order)
            relay()
            send()
            relay()
            check(order)
            money = standing_of(order.number)
            if order.status in SOLD:
                assert money.captured >= order.total_incl_tax
            elif order.status == OrderState.CANCELLED:
                assert money.kept == 0
            for one in invariants():
                if one.name.startswith(OF_MONEY):
                    assert list(one.check()) == [], one.name
            transaction.set_rollback(True)

    walk()
    assert steps_done
