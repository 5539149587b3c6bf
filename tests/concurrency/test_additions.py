"""Something added to an order, asked for and paid while others are at it: one legal end, to the cent."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from orders.additions.models import Addition, AdditionState
from orders.additions.pricing import addition_price
from orders.additions.services import (
    addition_ask,
    addition_pay,
    addition_withdraw,
    additions_expire,
)
from orders.exceptions import OnHold
from orders.fulfilment.models import ShipmentLine
from orders.models import Order
from orders.services import order_cancel, order_pack, order_unpack
from orders.states import CancelReason
from payments.models import PaymentIntent
from payments.selectors import standing_of
from payments.services import intent_capture, intent_open, intent_refresh
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, refunds_finish

pytestmark = pytest.mark.req("S3.50", "S5.04", "S5.16")


def paid() -> Order:
    order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def ask_of(order: Order, jug) -> partial:
    """A clerk's form for two of it, to be sent as often as one likes."""
    shown = addition_price(order=order, things={jug: 2}).incl
    return partial(addition_ask, order=order, things={jug: 2}, shown=shown, key=uuid4())


def paid_outside(order: Order, jug, provider: Running) -> PaymentIntent:
    """Two of it are added and paid on the provider's page; the shop has not heard of it."""
    ask_of(order, jug)()
    begun = addition_pay(order=order, gateway_code="stripe")
    assert begun is not None
    intent = intent_open(intent=begun)
    provider.control.pay(intent.reference)
    return intent


def settled(order: Order) -> Order:
    """All that was said is heard, all that is to go back has gone."""
    for _round in range(2):
        relay()
        refunds_finish()
    return Order.objects.get(pk=order.pk)


def held(jug) -> int:
    return jug.stockrecords.get().num_allocated or 0


def test_the_same_added_twice_at_once_by_two_clerks_is_held_and_asked_for_once() -> None:
    ann, ben, jug = UserFactory(), UserFactory(), ProductFactory(price="7.77", stock=5)
    order = paid()
    of_ann, of_ben = ask_of(order, jug), ask_of(order, jug)

    said = at_once(*[partial(of_ann, user=ann)] * 2, *[partial(of_ben, user=ben)] * 2)

    assert kinds(said) == {"bool": 2, "EditRefused": 2}, said
    assert sum(one is True for one in said) == 1
    addition = Addition.objects.get()
    assert (addition.amount, addition.lines.get().held, held(jug)) == (Decimal("15.54"), 2, 2)
    assert settled(order).lines.count() == 1
    assert Mail.objects.filter(kind="order_addition").count() == 1

    ended = at_once(*[partial(addition_withdraw, order=order)] * 3)
    assert sorted(ended) == [False, False, True]
    assert held(jug) == 0
    door = order_of(payment="cod")
    said = at_once(ask_of(door, jug), ask_of(door, jug), ask_of(door, jug))  # five are there
    door = settled(door)
    assert kinds(said) == {"bool": 2, "EditRefused": 1}, said
    assert (door.lines.count(), held(jug)) == (3, 4)
    assert intent_of(door).amount == door.total_incl_tax
    call_command("verify")


def test_paid_while_it_is_withdrawn_lapses_or_is_cancelled_ends_in_one_legal_way(
    provider: Running,
) -> None:
    jug = ProductFactory(price="7.77", stock=50)
    for ends in (("withdraw", "lapse", "cancel"), ("cancel",)):
        order = paid()
        cup = order.lines.get().stockrecord
        for end in ends:
            before, lines, kept = order.total_incl_tax, order.lines.count(), held(jug)
            intent = paid_outside(order, jug, provider)
            if end == "lapse":
                Addition.objects.filter(state="waiting").update(expires_at=timezone.now())

            said = at_once(
                partial(intent_refresh, intent=intent, source="return"),
                partial(intent_refresh, intent=intent, source="webhook"),
                {
                    "withdraw": partial(addition_withdraw, order=order),
                    "lapse": additions_expire,
                    "cancel": partial(order_cancel, order=order, reason=CancelReason.OPERATOR),
                }[end],
                relay,
            )
            order = settled(order)

            assert not any(isinstance(one, Exception) for one in said), said
            addition = order.additions.latest("number")
            more = addition.amount if addition.state == AdditionState.DONE else Decimal(0)
            assert addition.paid_by_id == (intent.pk if more else None)
            assert order.lines.count() == lines + bool(more)
            assert order.total_incl_tax == before + more
            intent.refresh_from_db()
            cup.refresh_from_db()
            there = (order.status, standing_of(order.number).kept, cup.num_allocated, held(jug))
            if end == "cancel":
                assert there == ("cancelled", 0, 0, 0)
            else:
                assert there == ("paid", before + more, 1, kept + 2 * bool(more))
            back = 0 if more and end != "cancel" else addition.amount
            assert (intent.amount_captured, intent.amount_refunded) == (addition.amount, back)
    call_command("verify")


def test_paid_while_a_clerk_packs_nothing_is_packed_unpaid_and_nothing_is_left_behind(
    provider: Running,
) -> None:
    jug, order = ProductFactory(price="7.77", stock=50), paid()

    asked, packed = at_once(ask_of(order, jug), partial(order_pack, order=order))

    assert (asked is True) == isinstance(packed, OnHold), (asked, packed)
    assert held(jug) == 2 * Addition.objects.count() == 2 * (asked is True)
    if asked is True:
        addition_withdraw(order=order)
    else:
        order_unpack(order=order)
    for number in (1, 2):
        intent = paid_outside(order, jug, provider)
        *_heard, one, other = at_once(
            partial(intent_refresh, intent=intent, source="return"),
            partial(intent_refresh, intent=intent, source="webhook"),
            relay,
            partial(order_pack, order=order),
            partial(order_pack, order=order),
        )

        is_packed = isinstance(one, Order) or isinstance(other, Order)
        assert is_packed or (isinstance(one, OnHold) and isinstance(other, OnHold)), (one, other)
        assert not is_packed or order.additions.latest("number").state == AdditionState.DONE
        order = settled(order)
        if not is_packed:
            order_pack(order=order)
        boxed = ShipmentLine.objects.filter(shipment__order=order).order_by("order_line")
        assert list(boxed.values_list("order_line", "quantity")) == [
            (line.pk, line.quantity) for line in order.lines.order_by("pk")
        ]
        assert (order.lines.count(), held(jug)) == (1 + number, 2 * number)
        assert order.total_incl_tax == standing_of(order.number).kept
        order_unpack(order=order)
    call_command("verify")
