"""Units, steps and money of returns that several want at the same moment."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.returns.models import LinkedOrder, Return, ReturnMoment
from orders.returns.services import (
    Found,
    Wanted,
    return_approve,
    return_ask,
    return_close,
    return_exchange,
    return_inspect,
    return_receive,
    return_refund,
)
from orders.returns.services import return_cancel as cancel
from orders.services import order_cancel, order_pack, order_ship
from orders.states import CancelReason
from payments.models import Refund
from payments.services import intent_capture
from shop.core.outbox import relay
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, product_with_variants
from tests.orders.returns.support import arrived, asked, inspected, wanted
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S3.22", "S5.16")]


def test_clerks_who_end_one_return_at_once_end_it_once():
    """Two refund the same return, one closes it; units are asked for by four; one is cancelled twice."""
    order = arrived({ProductFactory(price="20.00", stock=9): 4})
    line = order.lines.get()
    back = inspected(order, wanted(line, 2))
    refund = partial(return_refund, back=back, amount=Decimal("40.00"), user=None)

    ends = at_once(refund, refund, partial(return_close, back=back, user=None, note="No."))

    back.refresh_from_db()
    assert back.state in ("refunded", "closed")
    assert Refund.objects.count() == (back.state == "refunded")
    assert ReturnMoment.objects.filter(back=back, state__in=("refunded", "closed")).count() == 1
    assert kinds(ends)["ImpossibleStep"] == (1 if back.state == "refunded" else 2)

    ask = [
        partial(return_ask, order=order, wanted=[wanted(line)], key=uuid4(), language="en")
        for _ in range(4)
    ]
    assert kinds(at_once(*ask)) == {"Return": 2, "ReturnRefused": 2}
    key = uuid4()
    other = arrived({ProductFactory(stock=9): 2})
    lines = [wanted(other.lines.get())]
    same = partial(return_ask, order=other, wanted=lines, key=key, language="en")
    assert len({one.pk for one in at_once(*[same] * 4)}) == 1

    mine = asked(other)
    outcomes = at_once(
        partial(cancel, back=mine),
        partial(cancel, back=mine, by_shop=True),
        partial(return_approve, back=mine, user=None),
    )
    mine.refresh_from_db()
    assert mine.state == "cancelled"
    assert outcomes.count(True) <= 2
    assert Return.objects.filter(order=other).count() == 2
    relay()
    call_command("verify")


def test_packing_cancelling_returning_and_exchanging_at_once_end_in_one_legal_way():
    """Two clerks and a shopper at one order; then all steps of an exchange at the same moment."""
    parent = product_with_variants(colours={"red": 9, "blue": 9}, price="20.00")
    red, blue = parent.children.order_by("pk")
    order = order_of(red, quantity=2)
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    line = order.lines.get()

    ask = partial(
        return_ask, order=order, wanted=[wanted(line)], key=uuid4(), language="en", by_shop=True
    )
    ship = partial(order_ship, order=order, carrier="DHL", tracking_number="1")
    end = partial(order_cancel, order=order, reason=CancelReason.OPERATOR)
    at_once(partial(order_pack, order=order), ship, end, ask)
    order.refresh_from_db()
    assert order.status in ("cancelled", "shipped"), order.status
    relay()
    call_command("verify")

    sold = arrived({red: 2})
    swap = Wanted(sold.lines.get().pk, 2, "fit", swap_id=blue.pk)
    back = return_ask(order=sold, wanted=[swap], key=uuid4(), language="en", wish="exchange")
    approve = partial(return_approve, back=back, user=None)
    outcomes = at_once(approve, approve, approve)
    assert sorted(map(str, outcomes)) == ["False", "False", "True"]
    assert LinkedOrder.objects.filter(back=back).count() == 1
    return_receive(back=back, user=None)
    found = {back.lines.get().pk: Found(restock=2)}
    inspect = partial(return_inspect, back=back, found=found, user=None)
    at_once(inspect, inspect)
    kept = Order.objects.get(begun_by__back=back)
    at_once(
        partial(return_exchange, back=back, user=None),
        partial(return_exchange, back=back, user=None),
        partial(return_refund, back=back, amount=Decimal("40.00"), user=None),
        partial(order_cancel, order=kept, reason=CancelReason.CUSTOMER),
    )
    relay()
    back.refresh_from_db()
    kept.refresh_from_db()
    assert (back.state, kept.status) in (
        ("exchanged", "paid"), ("exchanged", "cancelled"), ("refunded", "cancelled"),
        ("inspected", "cancelled"),
    )  # fmt: skip
    call_command("verify")
