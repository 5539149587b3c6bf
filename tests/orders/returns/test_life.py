"""The steps of a return, and what each does to stock and money."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.refresh import refreshing
from orders.exceptions import ImpossibleStep
from orders.fulfilment.models import Shipment
from orders.returns.amounts import proposal_of, units_amount
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Return, ReturnLine, ReturnPolicy
from orders.returns.selectors import returnables_of
from orders.returns.services import (
    Found,
    return_approve,
    return_ask,
    return_cancel,
    return_close,
    return_inspect,
    return_receive,
    return_refund,
    return_refuse,
    return_send,
)
from orders.returns.states import NEXT, ReturnState
from orders.returns.words import return_offer
from payments.exceptions import RefundTooLarge
from payments.models import Refund
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.models import StockMovement
from tests.factories import CategoryFactory, ProductFactory
from tests.orders.returns.support import arrived, asked, inspected, wanted
from tests.sales import intent_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22", "S5.04")]


def test_from_asked_to_refunded_every_unit_and_cent_is_accounted_for():
    product = ProductFactory(price="20.00", stock=5)
    order = arrived({product: 3})
    line = order.lines.get()
    key = uuid4()

    back = return_ask(order=order, wanted=[wanted(line, 2, "damaged")], key=key, language="en")
    again = return_ask(order=order, wanted=[wanted(line, 2, "damaged")], key=key, language="en")
    assert return_approve(back=back, user=None) is True
    assert return_approve(back=back, user=None) is False
    return_send(back=back, carrier="DHL", tracking_number="77")
    return_receive(back=back, user=None)
    found = {back.lines.get().pk: Found(restock=1, scrap=1)}
    assert return_inspect(back=back, found=found, user=None) is True
    assert return_inspect(back=back, found=found, user=None) is False
    paid = return_refund(back=back, amount=Decimal("40.00"), user=None)
    twice = return_refund(back=back, amount=Decimal("40.00"), user=None)
    relay()

    assert (again, twice.refund_id) == (back, paid.refund_id)
    assert (paid.state, paid.amount, paid.delivery) == (ReturnState.REFUNDED, Decimal("40.00"), 0)
    assert paid.closed_at is not None
    assert Refund.objects.get().amount == Decimal("40.00")
    assert intent_of(order).amount_refunded == Decimal("40.00")
    assert product.stockrecords.get().num_in_stock == 3
    row = back.lines.get().pk
    booked = dict(
        StockMovement.objects.filter(source__startswith="return:").values_list("source", "quantity")
    )
    assert booked == {
        f"return:{row}": 1,
        f"return:{row}:unfit": 1,
        f"return:{row}:scrap": -1,
    }
    steps = ["asked", "approved", "on_way", "received", "inspected", "refunded"]
    assert list(paid.moments.values_list("state", flat=True)) == steps
    mails = Mail.objects.filter(kind="return_step").order_by("pk")
    assert [mail.key.rsplit(":", 1)[1] for mail in mails] == [
        "asked", "approved", "received", "refunded",
    ]  # fmt: skip
    assert verified()[0], verified()[1]


def test_only_the_steps_of_the_table_can_be_taken():
    order = arrived({ProductFactory(stock=9): 8})
    ways = {
        ReturnState.APPROVED: lambda back: return_approve(back=back, user=None),
        ReturnState.REFUSED: lambda back: return_refuse(back=back, because="x", user=None),
        ReturnState.ON_WAY: lambda back: return_send(back=back),
        ReturnState.RECEIVED: lambda back: return_receive(back=back, user=None),
        ReturnState.INSPECTED: lambda back: return_inspect(back=back, found={}, user=None),
        ReturnState.REFUNDED: lambda back: return_refund(back=back, amount=Decimal(1), user=None),
        ReturnState.CLOSED: lambda back: return_close(back=back, user=None, note="x"),
        ReturnState.CANCELLED: lambda back: return_cancel(back=back, by_shop=True),
    }
    back = asked(order)

    for state in (ReturnState.ASKED, ReturnState.REFUSED, ReturnState.CANCELLED):
        closed_at = None if state == ReturnState.ASKED else timezone.now()
        Return.objects.update(state=state, closed_at=closed_at)
        for after, step in ways.items():
            if after not in (state, *NEXT[state]):
                with pytest.raises(ImpossibleStep):
                    step(back)
    assert back.moments.count() == 1

    Return.objects.update(state=ReturnState.ON_WAY, closed_at=None)
    with pytest.raises(ImpossibleStep):  # the shop still may
        return_cancel(back=back)


def test_no_more_comes_back_than_left_but_refused_units_may_be_asked_again():
    order = arrived({ProductFactory(stock=5): 2})
    line = order.lines.get()
    first = asked(order, wanted(line, 1))

    for quantity in (0, -1, 2, 99):
        with pytest.raises(ReturnRefused):
            asked(order, wanted(line, quantity))
    with pytest.raises(ReturnRefused):
        asked(order, wanted(line), wanted(line))
    return_refuse(back=first, because="It was worn.", user=None)
    asked(order, wanted(line, 2))

    assert not any(one.left for one in returnables_of(order))
    relay()
    assert "It was worn." in Mail.objects.get(key__endswith=":refused").text
    with pytest.raises(IntegrityError, match="return_line_not_over"), transaction.atomic():
        ReturnLine.objects.update(quantity=3)
    assert verified()[0], verified()[1]


def test_units_of_a_line_add_up_to_what_was_paid_for_it():
    product = ProductFactory(price="10.00", stock=9)
    order = arrived({product: 3})
    line = order.lines.get()
    line.line_price_incl_tax = Decimal("20.00")

    one_by_one = [units_amount(line, first=place, units=1) for place in range(3)]

    assert one_by_one == [Decimal("6.66"), Decimal("6.66"), Decimal("6.68")]
    assert units_amount(line, first=1, units=2) == Decimal("13.34")


def test_when_all_came_back_delivery_is_paid_once_and_never_more_than_was_captured():
    mug = ProductFactory(price="8.00", stock=9)
    pot = ProductFactory(price="11.00", stock=9)
    order = arrived({mug: 2, pot: 1})
    cups, pots = order.lines.order_by("pk")
    assert order.shipping_incl_tax > 0

    first = inspected(order, wanted(cups, 2))
    assert (proposal_of(first).delivery, proposal_of(first).total) == (0, Decimal("16.00"))
    with pytest.raises(RefundTooLarge):
        return_refund(back=first, amount=Decimal("16.01"), user=None)
    for amount in ("0", "-1", "NaN"):
        with pytest.raises(RefundTooLarge):
            return_refund(back=first, amount=Decimal(amount), user=None)
    return_refund(back=first, amount=Decimal("15.00"), user=None)  # a scratch

    last = inspected(order, wanted(pots, 1))
    proposal = proposal_of(last)
    assert proposal.delivery == order.shipping_incl_tax
    return_refund(back=last, amount=proposal.total, user=None)

    assert intent_of(order).amount_refunded == order.total_incl_tax - 1
    relay()
    assert verified()[0], verified()[1]


def test_scrap_is_paid_only_where_the_shopper_is_not_the_cause():
    order = arrived({ProductFactory(price="10.00", stock=9): 2})
    line = order.lines.get()

    mine = inspected(order, wanted(line, 1, "mind"), found=Found(scrap=1))
    yours = inspected(order, wanted(line, 1, "broken"), found=Found(scrap=1))

    assert proposal_of(mine).total == 0
    assert return_close(back=mine, user=None, note="It came back in pieces.") is True
    assert proposal_of(yours).total == Decimal("10.00")
    booked = StockMovement.objects.filter(source__startswith="return:")
    assert sum(booked.values_list("quantity", flat=True)) == 0  # it came, and was written off
    other = asked(arrived())
    Return.objects.filter(pk=other.pk).update(state=ReturnState.RECEIVED)
    more = {other.lines.get().pk: Found(restock=2)}
    with pytest.raises(ImpossibleStep):
        return_inspect(back=other, found=more, user=None)


def test_how_long_something_may_come_back_is_the_rule_of_its_deepest_category():
    wear = CategoryFactory()
    swim = CategoryFactory(parent=wear)
    with refreshing():
        shirt, suit, book = (ProductFactory(stock=9) for _ in range(3))
        shirt.categories.add(wear)
        suit.categories.add(swim)
    ReturnPolicy.objects.create(category=wear, days=60)
    ReturnPolicy.objects.create(category=swim, days=0, fault_days=60)
    order = arrived({shirt: 1, suit: 1, book: 1})

    def lines_open() -> list[tuple[int, bool, bool]]:
        rows = returnables_of(order)
        today = timezone.localdate()
        said = [one.reasons(today) for one in rows]
        return [
            (one.policy.days, "mind" in reasons, "broken" in reasons)
            for one, reasons in zip(rows, said, strict=True)
        ]

    assert lines_open() == [(60, True, True), (0, False, True), (30, True, True)]
    for days, expected in (
        (30, [(60, True, True), (0, False, True), (30, True, True)]),
        (31, [(60, True, True), (0, False, True), (30, False, True)]),
        (61, [(60, False, True), (0, False, False), (30, False, True)]),
        (731, [(60, False, False), (0, False, False), (30, False, False)]),
    ):
        came = timezone.localtime() - dt.timedelta(days=days)  # by the clock on the wall
        Shipment.objects.update(
            packed_at=None, shipped_at=came - dt.timedelta(days=1), delivered_at=came
        )
        assert lines_open() == expected
    offer = return_offer(order)
    assert offer is not None
    assert not offer.is_open
    with pytest.raises(ReturnRefused, match="too late"):
        asked(order)


@pytest.mark.req("S5.03")
def test_verify_finds_what_was_moved_behind_its_back():
    order = arrived({ProductFactory(price="10.00", stock=9): 2})
    back = inspected(order, wanted(order.lines.get(), 2))
    return_refund(back=back, amount=Decimal("20.00"), user=None)
    assert verified()[0], verified()[1]

    ReturnLine.objects.update(restock=1, refurbish=1, shipped=9, quantity=2)
    assert "ledger says 2" in verified()[1]
    Return.objects.update(amount=Decimal("30.00"))
    assert "30.00 paid" in verified()[1]
    ReturnLine.objects.update(restock=5, refurbish=0, quantity=5)
    assert "back, 2 left" in verified()[1]
