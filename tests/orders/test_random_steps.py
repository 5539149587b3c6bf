"""Legal and illegal steps of orders in any order; stock, money and states hold after each."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from orders import invariants as order_rules
from orders.exceptions import ImpossibleStep
from orders.models import Order
from orders.services import (
    order_cancel,
    order_deliver,
    order_pack,
    order_refund,
    order_ship,
    order_unpack,
    orders_expire,
)
from orders.states import NEXT, CancelReason
from payments import invariants as money_rules
from payments.exceptions import ImpossibleStep as ImpossiblePayment
from payments.exceptions import RefundTooLarge
from payments.models import PaymentIntent
from payments.services import intent_capture, intents_reconcile
from shop.core.outbox import relay
from shop.core.verify import NothingToCheck, invariants
from supply import invariants as stock_rules
from supply.exceptions import OutOfStock
from tests.factories import ProductFactory
from tests.sales import intent_of, order_of
from tests.walks import TIMES, examples

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

#: What a service may answer to a step that does not fit.
REFUSALS = (ImpossibleStep, ImpossiblePayment, RefundTooLarge, OutOfStock)
ROOMS = {one.__name__ for one in (order_rules, money_rules, stock_rules)}
NAMES = (
    "place",
    "pay",
    "cancel",
    "pack",
    "unpack",
    "ship",
    "deliver",
    "refund",
    "expire",
    "settle",
)
STEP = some.tuples(some.sampled_from(NAMES), some.integers(0, 2), some.integers(1, 4000))


class Shop:
    """One product with few units, and up to three orders of it. A refused step changes nothing."""

    def __init__(self) -> None:
        self.product = ProductFactory(price="20.00", stock=6)
        self.orders: list[Order] = []
        self.rules = [one for one in invariants() if one.check.__module__ in ROOMS]
        assert len(self.rules) > 15

    def take(self, name: str, which: int, number: int) -> bool:
        """False: it was refused, and with its transaction all that it did is gone."""
        before = self.states()
        try:
            with transaction.atomic():
                self.step(name, which, number)
        except REFUSALS:
            assert self.states() == before
            return False
        relay()
        for pk, state in self.states().items():
            old = before.get(pk, state)
            assert state == old or self.is_led_to(old, state), (name, old, state)
        return True

    def step(self, name: str, which: int, number: int) -> None:
        if name == "place":
            if len(self.orders) < 3:
                self.orders.append(order_of(self.product, quantity=1 + number % 3))
            return
        order = Order.objects.get(pk=self.orders[which % len(self.orders)].pk)
        steps: dict[str, Callable[[], object]] = {
            "pay": lambda: intent_capture(intent=intent_of(order)),
            "cancel": lambda: order_cancel(order=order, reason=CancelReason.OPERATOR),
            "pack": lambda: order_pack(order=order),
            "unpack": lambda: order_unpack(order=order),
            "ship": lambda: order_ship(order=order, carrier="DHL", tracking_number=f"T{number}"),
            "deliver": lambda: order_deliver(order=order),
            "refund": lambda: order_refund(
                order=order,
                amount=Decimal(number) / 100,
                reason="walk",
                key=f"walk-{number % 5}",
                user=None,
            ),
            "expire": self.expire,
            "settle": intents_reconcile,
        }
        steps[name]()

    def expire(self) -> None:
        PaymentIntent.objects.update(expires_at=timezone.now())
        orders_expire()

    def states(self) -> dict[int, str]:
        return dict(Order.objects.values_list("pk", "status"))

    def is_led_to(self, old: str, new: str) -> bool:
        """A step and the news that follow from it may be two steps of the table."""
        return new in NEXT[old] or any(new in NEXT[middle] for middle in NEXT[old])

    def prove(self) -> None:
        for rule in self.rules:
            try:
                problems = list(rule.check())
            except NothingToCheck:
                continue
            assert not problems, (rule.name, problems)


@settings(
    max_examples=examples(2),  # the first is always the simplest that there is
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=some.lists(STEP, min_size=10, max_size=10 + 2 * TIMES))
def test_orders_hold_after_each_of_many_random_steps(steps):
    begin = transaction.savepoint()
    try:
        shop = Shop()
        for step in [("place", 0, 1), *steps]:
            if shop.take(*step):
                shop.prove()
    finally:
        transaction.savepoint_rollback(begin)
