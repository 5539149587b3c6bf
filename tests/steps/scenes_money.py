"""Steps of money that finance takes: what is taken in parts, the bank, the books, refunds that two agree to."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from orders.models import Order
from orders.refunds.models import RefundRequest, RequestState
from orders.refunds.services import refund_approve, refund_ask, refund_decline
from payments.bank import payouts, services, undoing, uses
from payments.bank.short import short_write_off
from payments.exceptions import GatewayRefused
from payments.gateways.stripe import StripeGateway
from payments.ledger.models import DayClose, WriteOff
from payments.ledger.services import days_close, difference_write_off, write_off_undo
from payments.models import Capture, CaptureState, PaymentIntent, Refund
from payments.services import capture_again, capture_request, capture_send, intent_refresh
from payments.services.problems import problem_clear, problem_note
from tests.factories import UserFactory
from tests.ledger.support import settlement_made
from tests.ledger.test_write_offs import settled
from tests.payments.bank.test_payouts import IBAN
from tests.payments.bank.test_uses import line_of
from tests.sales import intent_of, order_of, paid_order, pay, refunds_finish
from tests.steps.scenes import Stage, fresh, paid, scene

TAKEN, DESK = "Payments: taken in parts", "Payments: beside their states"
LINES, OUT = "Bank: what came and went", "Bank: what is sent back by hand"
BOOKS, ASKED = "Books", "Refunds that the team asks for"


def promised(stage: Stage) -> Order:
    """Its money is taken as the goods leave."""
    stage.request.getfixturevalue("settings").CAPTURE_AT_SHIPMENT = ["stripe"]
    stage.provider  # noqa: B018  it is there
    order = order_of(payment="stripe")
    pay(order, stage.provider)
    return fresh(order)


def decided(order: Order) -> Capture:
    return capture_request(intent=intent_of(order), amount=Decimal(5), key="parcel:1")


@scene(TAKEN, "decide")
def decide(stage: Stage):
    order = promised(stage)
    yield order
    assert decided(order).state == CaptureState.PENDING


@scene(TAKEN, "take")
def take(stage: Stage):
    order = promised(stage)
    capture = decided(order)
    yield order
    assert capture_send(capture=capture).state == CaptureState.DONE


def refused(order: Order, stage: Stage) -> Capture:
    def no(*_args: Any, **_kwargs: Any) -> None:
        raise GatewayRefused("the card is closed")

    monkeypatch = stage.request.getfixturevalue("monkeypatch")
    for name in ("capture", "capture_part"):
        monkeypatch.setattr(StripeGateway, name, no)
    capture = capture_send(capture=decided(order))
    assert capture.state == CaptureState.REFUSED
    return capture


@scene(TAKEN, "not taken")
def not_taken(stage: Stage):
    order = promised(stage)
    yield order
    refused(order, stage)


@scene(TAKEN, "take once more")
def take_once_more(stage: Stage):
    order = promised(stage)
    capture = refused(order, stage)
    yield order
    again = capture_again(capture=capture, user=UserFactory(is_staff=True))
    assert again.state == CaptureState.PENDING


@scene(DESK, "ask the provider")
def ask_the_provider(stage: Stage):
    order = fresh(paid_order(stage.provider))
    yield order
    intent_refresh(intent=intent_of(order), source="operator")


@scene(DESK, "settle a problem")
def settle_a_problem(_stage: Stage):
    order = paid()
    problem_note(intent=intent_of(order), text="came twice")
    yield order
    assert problem_clear(intent=intent_of(order), user=UserFactory(is_staff=True)) is True
    assert not PaymentIntent.objects.exclude(problem="").exists()


@scene(LINES, "take a statement in")
def take_a_statement_in(_stage: Stage):
    yield None
    assert line_of("3.00").left == 3


@scene(LINES, "assign what completes a payment")
def assign(_stage: Stage):
    order = order_of()
    line = line_of(str(order.total_incl_tax), "mugs")
    yield order
    assert services.bank_line_assign(line=line, intent=intent_of(order)).has_booked


@scene(LINES, "assign a part")
def assign_a_part(_stage: Stage):
    order, line = order_of(), line_of("5.00", "mugs")
    yield order
    assert not services.bank_line_assign(line=line, intent=intent_of(order)).has_booked


@scene(LINES, "take an assignment back")
def take_an_assignment_back(_stage: Stage):
    order, line = order_of(), line_of("5.00", "mugs")
    share = services.bank_line_assign(line=line, intent=intent_of(order))
    yield order
    undoing.share_undo(share=share)
    line.refresh_from_db()
    assert line.left == 5


@scene(LINES, "note as sent back")
def note_as_sent_back(_stage: Stage):
    line = line_of("3.00")
    yield None
    assert services.bank_line_return(line=line, note="wrong account, 7 May") == 3


@scene(LINES, "not sent back after all")
def not_sent_back(_stage: Stage):
    line = line_of("3.00")
    services.bank_line_return(line=line, note="wrong account, 7 May")
    yield None
    assert undoing.return_undo(line=line) == 3


@scene(LINES, "say what it was")
def say_what_it_was(_stage: Stage):
    line = line_of("-4.90")
    yield None
    assert uses.line_use(line=line, kind="fee").booking is not None


@scene(LINES, "it was something else")
def it_was_something_else(_stage: Stage):
    use = uses.line_use(line=line_of("-4.90"), kind="fee")
    yield None
    assert uses.use_undo(use=use).undone_at is not None


@scene(LINES, "let a transfer be short")
def let_a_transfer_be_short(_stage: Stage):
    order = order_of()
    line = line_of(str(order.total_incl_tax - Decimal("0.03")), "mugs")
    services.bank_line_assign(line=line, intent=intent_of(order))
    yield order
    short_write_off(intent=intent_of(order), reason="bank charges")
    assert WriteOff.objects.get().amount == Decimal("0.03")


def owed(order: Order) -> Refund:
    """Back by hand: it was paid by transfer."""
    boss = UserFactory(is_superuser=True)
    refund_ask(order=order, amount=Decimal(1), reason="Sorry", key=uuid4(), user=boss)
    return Refund.objects.get()


def named(order: Order) -> int:
    return payouts.account_tell(
        order_number=order.number,
        holder="Mei Lin",
        account=IBAN,
        user=UserFactory(is_staff=True),
    )


@scene(OUT, "name the account")
def name_the_account(_stage: Stage):
    order = paid()
    owed(order)
    yield order
    assert named(order) == 1


@scene(OUT, "put into a file")
def put_into_a_file(_stage: Stage):
    order = paid()
    refund = owed(order)
    named(order)
    yield order
    assert payouts.payouts_file(refunds=payouts.payouts_open()) == [refund]


@scene(OUT, "say that it is sent")
def say_that_it_is_sent(_stage: Stage):
    order = paid()
    refund = owed(order)
    yield order
    payouts.payout_send(refund=refund, note="in cash", user=UserFactory(is_staff=True))


@scene(OUT, "find it on the statement")
def find_it_on_the_statement(_stage: Stage):
    order = paid()
    refund = owed(order)
    line = line_of("-1.00", "to Mei")
    yield order
    payouts.payout_match(line=line, refund=refund)


@scene(OUT, "another transfer")
def another_transfer(_stage: Stage):
    order = paid()
    refund = owed(order)
    line = line_of("-1.00", "to Mei")
    payouts.payout_match(line=line, refund=refund)
    yield order
    undoing.payout_unmatch(line=line, user=UserFactory(is_staff=True))


@scene(BOOKS, "take a settlement in")
def take_a_settlement_in(_stage: Stage):
    yield None
    assert settlement_made().lines.count() == 1


def let_go(order: Order) -> WriteOff:
    _settlement, reference = settled(order, "-1.00")
    facts = {"gateway_code": "stripe", "reference": reference, "currency": "EUR"}
    return difference_write_off(reason="rounding", **facts)


@scene(BOOKS, "let a difference go")
def let_a_difference_go(stage: Stage):
    order = fresh(paid_order(stage.provider))
    yield order
    assert let_go(order).amount == 1


@scene(BOOKS, "take a write-off back")
def take_a_write_off_back(stage: Stage):
    order = fresh(paid_order(stage.provider))
    made = let_go(order)
    yield order
    assert write_off_undo(write_off=made).undone_at is not None


@scene(BOOKS, "close days")
def close_days(_stage: Stage):
    yield None
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert days_close(until=yesterday, user=None) == DayClose.objects.get()


def asked(order: Order) -> RefundRequest:
    """By somebody whose role may send nothing back alone."""
    made = refund_ask(
        order=order, amount=Decimal(1), reason="Dent", key=uuid4(), user=UserFactory(is_staff=True)
    )
    assert made.state == RequestState.WAITING
    return made


@scene(ASKED, "ask")
def ask(_stage: Stage):
    order = paid()
    yield order
    asked(order)


@scene(ASKED, "approve")
def approve(_stage: Stage):
    order = paid()
    request = asked(order)
    yield order
    assert refund_approve(asked=request, user=UserFactory(is_staff=True)) is True
    refunds_finish()


@scene(ASKED, "decline")
def decline(_stage: Stage):
    order = paid()
    request = asked(order)
    yield order
    assert refund_decline(asked=request, user=UserFactory(is_staff=True), why="Paid twice") is True
