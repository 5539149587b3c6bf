"""A walk: a few orders of two products, and what is done with them, whether it fits or not."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from catalog.models import Product
from crm.accounts.models import User
from orders.exceptions import CheckoutRefused, ImpossibleStep
from orders.fraud.exceptions import AlreadyDecided
from orders.models import Order
from orders.services import order_place
from orders.states import OrderState
from payments.bank.exceptions import BankRefused
from payments.exceptions import PaymentError
from payments.models import NEXT, IntentState, PaymentIntent, tender
from payments.selectors import intents_in_short
from payments.services import intent_create, intent_open
from payments.wallets.models import Wallet
from shop.core.models import OutboxDelivery
from shop.core.outbox import relay
from supply.exceptions import OutOfStock
from tests.factories import ProductFactory, UserFactory
from tests.orders.walking.proofs import found_in, rows_now
from tests.sales import basket_with, checkout_of, intent_of
from tests.wallets.support import card_of, credit_of, points_of

#: What a service may answer to a step that does not fit.
REFUSED = (AlreadyDecided, BankRefused, CheckoutRefused, ImpossibleStep, OutOfStock, PaymentError)
UNITS, FREE = 3, 8  # a third order finds too few
#: Mails and lists of products: they follow from what happened and change no order.
LATER = (
    *(
        f"orders.handlers.on_{name}"
        for name in (
            "order_placed",
            "order_paid",
            "order_shipped",
            "order_delivered",
            "order_cancelled",
            "order_rest_asked",
            "payment_refunded",
            "refund_account_asked",
        )
    ),
    "orders.life.handlers.on_order_edited",
    "orders.returns.handlers.on_return_moved",
    "orders.returns.handlers.on_exchange_due",
    "catalog.handlers.on_stock_changed",
    "crm.alerts.handlers.on_stock_changed",
)
KINDS = ("transfers", "taken", "wallets", "card", "door", "transfer")


class World:
    """Where each walk begins: products, a member, two clerks; and how many steps there were."""

    def __init__(self) -> None:
        self.products: list[Product] = [
            ProductFactory(price=price, stock=FREE) for price in ("30.00", "12.49")
        ]
        self.records = [one.stockrecords.get() for one in self.products]
        self.member: User = UserFactory()
        self.chief: User = UserFactory(is_staff=True, is_superuser=True)
        self.clerk: User = UserFactory(is_staff=True)
        self.card: Wallet = card_of("60.00")
        self.met: Counter[str] = Counter()
        relay()

    def wallets(self) -> tuple[int, ...]:
        more = (credit_of(self.member, "20.00"), points_of(self.member, 500))
        return tuple(one.pk for one in (self.card, *more))


class Walk:
    """``do`` tries a step of the services; what is refused changes no row, else all rules hold."""

    def __init__(self, world: World, kind: str) -> None:
        self.world = world
        self.orders: list[Order] = []
        self.path = [kind]
        self.intents: dict[str, str] = {}
        self.rows = rows_now()
        self.place(KINDS.index(kind))

    def do(self, service: Callable[..., Any], **facts: Any) -> Any:
        name = service.__name__
        self.path.append(f"({name})")
        met = self.world.met
        answer, refused = None, False
        # As in the shop: what has a transaction of its own takes back what it wrote when it refuses.
        own = transaction.atomic() if hasattr(service, "__wrapped__") else nullcontext()
        try:
            with own:
                answer = service(**facts)
        except REFUSED:
            refused = True
        before, self.rows = self.rows, rows_now()
        if refused:
            self.path[-1] = f"({name}: refused)"
            met["refused"] += 1
            written = [table for table in before if self.rows[table] != before[table]]
            assert not written, written
        elif self.rows == before:
            met["nothing new"] += 1
        else:
            met["legal"] += 1
            self.prove()
        met[name + " refused" * refused] += 1
        return answer

    def prove(self) -> None:
        found = found_in([one.pk for one in self.orders], [one.pk for one in self.world.records])
        now = {key: state for what, key, state in found if what == "intent"}
        broken = [one for one in found if one[0] != "intent"]
        assert not broken, broken
        for key, state in self.intents.items():
            assert now[key] in _reachable(state), key
        self.intents = now

    def told(self) -> str:
        """Its steps, and in brackets what was tried in each."""
        return " ".join(self.path)

    def order(self, number: int) -> Order:
        return Order.objects.get(pk=self.orders[number % len(self.orders)].pk)

    def place(self, number: int) -> None:
        """An order more, paid one way or another; its rows are as they were begun."""
        kind = KINDS[number % len(KINDS)]
        goods = dict.fromkeys(self.world.products, UNITS)
        member = self.world.member if kind in ("wallets", "card") else None
        wallets = self.world.wallets() if kind == "wallets" else ()
        basket = basket_with(goods, owner=member)
        pay_by = {"taken": "walk-card", "card": "walk-card", "door": "cod"}.get(kind, "transfer")
        self.rows = rows_now()

        def order_placed() -> Order:
            checkout = checkout_of(basket, user=member, payment=pay_by, wallet_ids=wallets)
            order = order_place(checkout=checkout)
            self.orders.append(order)
            return order

        taken = ["walk-card"] if kind == "taken" else []
        with override_settings(CAPTURE_AT_SHIPMENT=taken):
            order = self.do(order_placed)
        if order is None:
            basket.delete()
            self.rows = rows_now()
            return
        if kind == "transfers":
            self._in_parts(order)
        for intent in intents_in_short(order.number).filter(state=IntentState.NEW):
            self.do(intent_open, intent=intent)

    def _in_parts(self, order: Order) -> None:
        first, part = intent_of(order), Decimal("7.00")
        PaymentIntent.objects.filter(pk=first.pk).update(part=tender(1), amount=part)
        for number, amount in ((2, part), (3, order.total_incl_tax - 2 * part)):
            intent_create(
                order_number=order.number,
                gateway_code="transfer",
                amount=amount,
                currency=order.currency,
                email="",
                language="en",
                part=tender(number),
            )

    def news(self) -> None:
        """What changes orders is told at once, mails and lists later."""
        waiting = OutboxDelivery.objects.filter(delivered_at=None, handler__in=LATER)
        waiting = waiting.filter(due_at__lte=timezone.now())
        waiting.update(due_at=timezone.now() + dt.timedelta(hours=1))
        relay()
        refuse_failed()

    def states(self) -> list[str]:
        return [OrderState(self.order(n).status).value for n in range(len(self.orders))]


def refuse_failed() -> None:
    """A handler that fails is tried again by the outbox; here it is found out."""
    failed = OutboxDelivery.objects.filter(delivered_at=None).exclude(last_error="")
    assert not list(failed.values_list("handler", "last_error"))


def _reachable(state: str) -> set[str]:
    found, new = set(), {state}
    while new:
        found |= new
        new = {one for old in new for one in NEXT[old]} - found
    return found
