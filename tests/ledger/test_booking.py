"""Every cent is booked twice, with its cause, and the database keeps it so."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orders.papers import ledger_invariants
from orders.papers.booking import documents_catch_up
from orders.services import order_cancel, order_pack, order_refund, order_ship
from orders.states import CancelReason
from payments.ledger import invariants
from payments.ledger.accounts import BANK, FEES, RECEIVABLE, Role
from payments.ledger.exceptions import Unbalanced
from payments.ledger.models import Account, DayClose, DayTotal, Entry, EventKind, Transaction
from payments.ledger.selectors import balance_of, transactions_of_order
from payments.ledger.services import (
    Booking,
    transaction_book,
    transaction_reverse,
    transactions_book,
)
from payments.models import PaymentEntry, Refund
from payments.services import intent_capture
from payments.services.booking import payments_catch_up
from payments.services.refunds import _refuse
from shop.core.outbox import relay
from shop.core.planned import planned_rows
from tests.ledger.support import booked, owed, without_triggers
from tests.papers.support import sent_back, sold, tea
from tests.sales import intent_of, order_of, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]
TEN, SEVEN = Decimal("10.00"), Decimal("7.00")


@contextmanager
def at_once():
    """What is else looked at when the work is committed is looked at now."""
    with transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


def fee(**facts):
    facts = {
        "key": "fee:1",
        "kind": EventKind.FEE,
        "currency": "EUR",
        "entries": [(FEES, TEN), (BANK, -SEVEN), (BANK, -TEN + SEVEN)],
    } | facts
    return transaction_book(**facts)


def test_a_key_is_booked_once_and_a_correction_is_its_opposite():
    first = fee(memo="May")
    again = fee(memo="June")

    undone = transaction_reverse(booked=first, memo="wrong shop")

    assert again == first
    assert again.memo == "May"
    assert {one.account.code: one.amount for one in first.entries.all()} == {
        "fees": TEN,
        "bank": -TEN,
    }
    assert undone == transaction_reverse(booked=first)
    assert (undone.reverses, undone.kind) == (first, "reversal")
    assert balance_of(Role.FEES, currency="EUR") == 0
    assert Transaction.objects.count() == 2
    for entries in ([(FEES, TEN)], [(FEES, TEN), (BANK, -SEVEN)], [], [(FEES, TEN), (FEES, -TEN)]):
        with pytest.raises(Unbalanced):
            fee(key="off", entries=entries)
    with pytest.raises(ValueError, match="fraction"):
        fee(key="off", currency="JPY", entries=[(FEES, Decimal("0.5")), (BANK, Decimal("-0.5"))])
    assert Transaction.objects.count() == 2


def test_the_database_refuses_what_is_not_true():
    one = fee()
    other = Account.objects.create(code="rounding", role="rounding")

    def refused(match, act):
        with pytest.raises(IntegrityError, match=match), at_once():
            act()

    def late_pair():
        third = Account.objects.create(code="goodwill", role="goodwill")
        Entry.objects.bulk_create(
            [
                Entry(transaction=one, account=other, amount=TEN),
                Entry(transaction=one, account=third, amount=-TEN),
            ]
        )

    def bare():
        Transaction.objects.create(
            key="x",
            kind="fee",
            currency="EUR",
            happened_at=timezone.now(),
            booked_on=timezone.localdate(),
        )

    refused("append_only", lambda: Entry.objects.update(amount=1))
    refused("append_only", lambda: Transaction.objects.update(memo="other"))
    refused("append_only", lambda: Entry.objects.all().delete())
    refused("append_only", lambda: Account.objects.update(role="bank"))
    refused(
        "entries_balance", lambda: Entry.objects.create(transaction=one, account=other, amount=1)
    )
    refused("entries_balance", late_pair)
    refused("transaction_filled", bare)


def test_what_comes_late_goes_on_the_next_open_day():
    today = timezone.localdate()
    DayClose.objects.create(day=today - dt.timedelta(days=3))

    late = fee(happened_at=timezone.now() - dt.timedelta(days=10))
    prompt = fee(key="fee:2", happened_at=timezone.now() - dt.timedelta(days=1))

    assert late.booked_on == today - dt.timedelta(days=2)
    assert prompt.booked_on == today - dt.timedelta(days=1)
    with pytest.raises(IntegrityError, match="days_in_order"), transaction.atomic():
        DayClose.objects.create(day=today - dt.timedelta(days=4))


@pytest.mark.req("S5.16")
def test_an_order_from_payment_to_refund_owes_nothing_at_the_end():
    order = sold()  # 48.00 at 19 %, 12.90 at 7 %, delivery
    invoice = order.documents.get(kind="invoice")
    total = invoice.total_incl_tax

    assert owed(order.number) == 0
    kinds = booked(order.number)
    assert [kind for kind, _entries in kinds] == ["capture", "sale"]
    assert kinds[0][1] == {"bank": total, "receivable": -total}
    by_rate = {one["rate"]: one for one in invoice.content["rates"]}
    sale = kinds[1][1]
    assert sale["receivable"] == total
    for rate, one in by_rate.items():
        assert sale[f"tax:DE:{rate}"] == -Decimal(one["tax"])
        net = sale[f"revenue:DE:{rate}"] + sale.get(f"shipping:DE:{rate}", 0)
        assert net == -Decimal(one["net"])

    refund = order_refund(order=order, amount=SEVEN, reason="x", key="k", user=None)
    assert booked(order.number)[-1] == ("refund_asked", {"receivable": SEVEN, "refunds": -SEVEN})
    _refuse(refund, "account closed")
    assert booked(order.number)[-1] == ("refund_refused", {"receivable": -SEVEN, "refunds": SEVEN})
    sent_back(order, "3.33")
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()

    assert owed(order.number) == 0
    assert balance_of(Role.REFUNDS, currency="EUR") == 0
    assert balance_of(Role.BANK, currency="EUR") == 0
    sales = balance_of(Role.REVENUE, currency="EUR") + balance_of(Role.SHIPPING, currency="EUR")
    assert sales + balance_of(Role.RETURNS, currency="EUR") == 0
    assert balance_of(Role.TAX, currency="EUR") == 0
    assert len(transactions_of_order(order.number)) == 10
    assert not _all_checks()


def test_cash_at_the_door_is_owed_from_the_parcel_on():
    order = order_of(payment="cod")
    assert booked(order.number) == []

    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")
    relay()
    assert owed(order.number) == order.total_incl_tax
    assert not _all_checks()
    intent_capture(intent=intent_of(order))
    relay()

    assert owed(order.number) == 0
    assert booked(order.number)[-1][1]["clearing:cod"] == order.total_incl_tax


def test_a_shop_from_before_the_ledger_catches_up_and_drift_is_found():
    order = sold({tea(): 2})
    sent_back(order, "5.00")
    before = sorted(booked(order.number), key=str)
    with without_triggers("ledger_entry", "ledger_transaction"):
        Entry.objects.all().delete()
        Transaction.objects.all().delete()
    assert "ledger_catch_up" in str(_all_checks())

    assert documents_catch_up() + payments_catch_up() == len(before) == 5
    assert documents_catch_up() + payments_catch_up() == 0

    assert sorted(booked(order.number), key=str) == before
    assert not _all_checks()
    with without_triggers("ledger_entry", "ledger_daytotal"):
        Entry.objects.filter(transaction__kind="sale", account__role="tax").update(amount=-1)
        DayTotal.objects.create(
            day=timezone.localdate(),
            account=Account.objects.get(code="bank"),
            currency="EUR",
            debit=1,
        )
    Refund.objects.update(amount=4)
    PaymentEntry.objects.filter(kind="captured").update(amount=1)
    found = " | ".join(_all_checks())
    assert "entries leave" in found
    assert "the day's total is 1.00 EUR" in found
    assert "is booked as 5.00, it was 4.00" in found
    assert f"{order.documents.first().number}: " in found


def test_an_order_that_owes_is_found():
    order = sold({tea(): 1})
    transaction_book(
        key="slip",
        kind=EventKind.WRITE_OFF,
        currency="EUR",
        entries=[(RECEIVABLE, TEN), (BANK, -TEN)],
        order_number=order.number,
    )

    assert list(ledger_invariants.settled_orders_owe_nothing()) == [
        f"{order.number}: 10.00 EUR owed"
    ]


def _all_checks() -> list[str]:
    return [
        *invariants.entries_balance(),
        *invariants.totals_are_entries(),
        *invariants.money_is_booked(),
        *ledger_invariants.papers_are_booked(),
        *ledger_invariants.settled_orders_owe_nothing(),
    ]


def test_what_was_booked_before_is_not_read_again_to_prove_what_is_booked_now():
    """The first plan of the proof was made for an empty ledger; a connection keeps it."""
    planned_rows("ANALYZE ledger_transaction, ledger_entry", [])
    for batch in range(3):
        transactions_book([_fee_of(number) for number in range(batch * 50, batch * 50 + 50)])
    read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'ledger_entry'"

    ((before,),) = planned_rows(read, [])
    transactions_book([_fee_of(number) for number in range(150, 200)])
    ((after,),) = planned_rows(read, [])

    assert after == before
    assert Entry.objects.count() == 400


def _fee_of(number):
    return Booking(
        key=f"fee:{number}",
        kind=EventKind.FEE,
        currency="EUR",
        entries=((FEES, TEN), (BANK, -TEN)),
    )
