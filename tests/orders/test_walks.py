"""Random legal and illegal steps of one order: money, goods and papers add up after each.

`make walks` takes many more than a run of all tests.
"""

from collections import Counter
from contextlib import suppress
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from orders.additions import services as additions
from orders.additions.models import Addition, AdditionLine
from orders.additions.pricing import addition_price, ways_of
from orders.additions.selectors import addition_waiting
from orders.additions.services import (
    addition_ask,
    addition_pay,
    addition_withdraw,
    additions_expire,
    order_delivery_edit,
)
from orders.exceptions import ImpossibleStep
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.life.editing import order_lines_edit
from orders.life.holds import order_hold, order_release
from orders.life.selectors import EDITABLE
from orders.refunds.exceptions import RequestRefused
from orders.refunds.services import refund_ask
from orders.returns.amounts import proposal_of
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Return
from orders.returns.services import (
    Found,
    return_approve,
    return_cancel,
    return_inspect,
    return_receive,
    return_refund,
)
from orders.services import (
    order_cancel,
    order_deliver,
    order_pack,
    order_place,
    order_refund,
    order_rest_cancel,
    order_ship,
    order_unpack,
    orders_expire,
    parcel_ship,
)
from orders.states import NEXT, CancelReason, OrderState
from payments.exceptions import PaymentError
from payments.gateways import gateway
from payments.models import PaymentIntent, Refund, RefundState, tender
from payments.selectors import intents_in_short, standing_of
from payments.services import (
    intent_capture,
    intent_create,
    intent_open,
    intents_reconcile,
)
from shop.core.outbox import relay
from shop.core.verify import NothingToCheck, invariants
from tests.factories import ProductFactory, UserFactory
from tests.orders.returns.support import asked, wanted
from tests.sales import basket_with, checkout_of, intent_of, refunds_finish
from tests.walks import TIMES, examples

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

REFUSED = (PaymentError, ImpossibleStep, RequestRefused, ReturnRefused)
STOCK, UNITS = 9, 3
SMALL = Measure("s", 800, 250, 175, 100)


class Life:
    """One order of two lines, paid by three transfers; ``take`` tries a step."""

    def __init__(self, products: list) -> None:
        self.products = products
        basket = basket_with(dict.fromkeys(products, UNITS))
        self.order = order_place(checkout=checkout_of(basket))
        self.clerk = UserFactory(is_staff=True, is_superuser=True)
        self._in_parts()

    def _in_parts(self) -> None:
        first, part = intent_of(self.order), Decimal("7.00")
        rest = self.order.total_incl_tax - 2 * part
        PaymentIntent.objects.filter(pk=first.pk).update(part=tender(1), amount=part)
        for number, amount in ((2, part), (3, rest)):
            intent_create(
                order_number=self.order.number,
                gateway_code="transfer",
                amount=amount,
                currency=self.order.currency,
                email="",
                language="en",
                part=tender(number),
            )
        self.intents = list(intents_in_short(self.order.number).order_by("pk"))
        for intent in self.intents:
            intent_open(intent=intent)

    def take(self, step: str, number: int) -> bool:
        """Whether it was a legal one."""
        before = self.order.status
        done = False
        with suppress(*REFUSED), transaction.atomic():
            getattr(self, f"_{step}")(number)
            done = True
        self.order.refresh_from_db()
        assert self.order.status == before or self._is_reached(before), (before, self.order.status)
        return done

    def _is_reached(self, before: str) -> bool:
        """One step of the services may take two of the table."""
        after = set(NEXT[before])
        return self.order.status in after | {state for one in after for state in NEXT[one]}

    def _capture(self, number):
        intent_capture(intent=PaymentIntent.objects.get(pk=self.intents[number % 3].pk))

    def _pay(self, _number):
        for number in range(3):
            self._capture(number)
        relay()

    def _expire(self, number):
        late = PaymentIntent.objects.filter(pk=self.intents[number % 3].pk)
        late.update(expires_at=self.order.date_placed)
        orders_expire()

    def _relay(self, _number):
        relay()

    def _settle(self, _number):
        refunds_finish()
        intents_reconcile()

    def _cancel(self, _number):
        order_cancel(order=self.order, reason=CancelReason.OPERATOR)

    def _hold(self, _number):
        order_hold(order=self.order, reason="stock", user=self.clerk)

    def _release(self, _number):
        order_release(order=self.order, words="", user=self.clerk)

    def _pack(self, _number):
        order_pack(order=self.order, user=self.clerk)

    def _unpack(self, _number):
        order_unpack(order=self.order, user=self.clerk)

    def _ship(self, number):
        order_ship(order=self.order, carrier="DHL", tracking_number=f"0034{number % 2}")

    def _part(self, number):
        """One unit goes into a box; now and then the box is closed, or leaves before the rest."""
        consignment = self.order.consignments.filter(state__in=("routed", "picked")).first()
        if consignment is None:
            return
        line = self._line(number)
        item_pack(consignment=consignment, code=line.partner_sku, user=self.clerk)
        if number % 4:
            box = box_close(consignment=consignment, measure=SMALL, user=self.clerk)
            if number % 4 > 1:
                parcel_ship(parcel=box, carrier="DHL", tracking_number=f"{box.pk}")

    def _leave(self, number):
        box = self.order.shipments.filter(shipped_at__isnull=True).order_by("pk").first()
        if box is not None:
            parcel_ship(parcel=box, carrier="DHL", tracking_number=f"{box.pk}")

    def _rest(self, _number):
        order_rest_cancel(order=self.order, user=self.clerk)

    def _deliver(self, _number):
        order_deliver(order=self.order)

    def _line(self, number):
        lines = list(self.order.lines.order_by("pk"))
        return lines[number % len(lines)]

    def _edit(self, number):
        line = self._line(number)
        order_lines_edit(
            order=self.order, quantities={line.pk: number % (UNITS + 1)}, key=UUID(int=number % 5)
        )

    def _add(self, number):
        thing = {self.products[number % 2]: 1 + number % 2}
        shown = addition_price(order=self.order, things=thing).incl
        key = UUID(int=2000 + number % 9)
        addition_ask(order=self.order, things=thing, shown=shown, key=key, user=self.clerk)

    def _send_otherwise(self, number):
        ways = ways_of(self.order)
        way = ways[number % len(ways)]
        key = UUID(int=3000 + number % 9)
        order_delivery_edit(order=self.order, code=way.code, shown=way.more, key=key)

    def _pay_addition(self, number):
        """In time, or after it was no longer waited for."""
        code = "transfer"  # any will do: what a provider says is proven elsewhere
        if number % 3:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(additions, "ways_to_pay", lambda order: [gateway(code)])
                intent = addition_pay(order=self.order, gateway_code=code)
            if intent is not None:
                intent_open(intent=intent)
        if number % 3 < 2:
            asked = PaymentIntent.objects.filter(part__startswith="addition:").order_by("-pk")
            for intent in asked[:1]:
                intent_capture(intent=intent)

    def _end_addition(self, number):
        if number % 2:
            addition_withdraw(order=self.order, user=self.clerk)
            return
        Addition.objects.update(expires_at=self.order.date_placed)
        additions_expire()

    def _refund(self, number):
        order_refund(
            order=self.order, amount=Decimal(number), reason="x", key=f"r{number}", user=None
        )

    def _ask(self, number):
        line = self._line(number)
        refund_ask(
            order=self.order,
            reason="x",
            key=UUID(int=1000 + number),
            user=self.clerk,
            units={line.pk: number % (UNITS + 2)},
            with_delivery=number % 7 == 0,
        )

    def _return(self, number):
        line = self._line(number)
        asked(self.order, wanted(line, number % (UNITS + 1)))

    def _back(self, number):
        """The next thing that can happen to a return."""
        back = Return.objects.filter(order=self.order).order_by("-pk").first()
        if back is None:
            return
        if number % 5 == 0:
            return_cancel(back=back, by_shop=bool(number % 2))
        return_approve(back=back, user=self.clerk)
        if number % 5 > 1:
            return_receive(back=back, user=self.clerk)
        if number % 5 > 2:
            found = {
                line.pk: Found(restock=number % 2, scrap=line.quantity - number % 2)
                for line in back.lines.all()
            }
            return_inspect(back=back, found=found, user=self.clerk)
        if number % 5 > 3:
            back.refresh_from_db()
            return_refund(back=back, amount=proposal_of(back).total, user=self.clerk)

    def prove(self) -> None:
        """What holds after each step, whoever was told of it already."""
        money = standing_of(self.order.number)
        assert 0 <= money.refunded <= money.captured
        given_back = Refund.objects.exclude(state=RefundState.REFUSED)
        assert money.refunded == sum(given_back.values_list("amount", flat=True), Decimal(0))
        lines = self.order.lines.aggregate(held=Sum("num_allocated"), units=Sum("quantity"))
        assert 0 <= lines["held"] <= lines["units"]
        if self.order.status == OrderState.CANCELLED:
            assert lines["held"] == 0
        for product in self.products:
            record = product.stockrecords.get()
            assert 0 <= (record.num_allocated or 0) <= record.num_in_stock <= STOCK
        parts = self.order.lines.aggregate(sum=Sum("line_price_incl_tax"))["sum"]
        assert parts + self.order.shipping_incl_tax == self.order.total_incl_tax
        waits = addition_waiting(self.order)
        assert waits is None or self.order.status in EDITABLE
        held = AdditionLine.objects.aggregate(units=Sum("held"))["units"] or 0
        assert held == sum(one.quantity for one in waits.lines.all()) if waits else held == 0

    def prove_all(self) -> None:
        """All news told and all money sent: every invariant of the shop."""
        for _round in range(3):
            relay()
            refunds_finish()
        self.order.refresh_from_db()
        self.prove()
        if self.order.status == OrderState.CANCELLED:
            assert standing_of(self.order.number).kept == 0
        for one in invariants():
            with suppress(NothingToCheck):
                assert [one.name, *one.check()] == [one.name]


#: Those that lead on come more often, else most walks would end before anything is sent.
LEADING = ("pay", "pack", "ship", "deliver", "return", "back", "relay", "settle", "part", "leave")
OTHERS = (
    "capture",
    "expire",
    "cancel",
    "hold",
    "release",
    "unpack",
    "edit",
    "refund",
    "ask",
    "rest",
)
ADDING = ("add", "send_otherwise", "pay_addition", "end_addition")
STEPS = some.sampled_from([*LEADING, *LEADING, *LEADING, *OTHERS, *ADDING])


def test_no_walk_loses_money_or_goods_or_makes_any():
    products = [ProductFactory(price=price, stock=STOCK) for price in ("30.00", "12.49")]
    met: Counter[str] = Counter()

    @given(some.lists(some.tuples(STEPS, some.integers(0, 40)), min_size=8, max_size=30))
    @settings(
        max_examples=examples(6),
        deadline=None,
        derandomize=TIMES == 1,  # the same walks each time, unless somebody asks for many
        phases=[Phase.generate],  # a walk is short enough to be read as it is
        suppress_health_check=list(HealthCheck),
    )
    def walk(path: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            life = Life(products)
            life.take("pay", 0)
            for step, number in path:
                met["legal" if life.take(step, number) else "illegal"] += 1
                life.prove()
            life.prove_all()
            met[life.order.status] += 1
            transaction.set_rollback(True)

    walk()
    print(dict(met))
    assert met["legal"]
    assert met["illegal"]
