"""Units, steps and money of returns that several want at the same moment."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.returns.models import Return, ReturnMoment
from orders.returns.services import return_approve, return_ask, return_close, return_refund
from orders.returns.services import return_cancel as cancel
from payments.models import Refund
from shop.core.outbox import relay
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory
from tests.orders.returns.support import arrived, asked, inspected, wanted

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
