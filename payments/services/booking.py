"""What each movement of money is in the books (docs/ledger.md). Written with its cause."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from payments.ledger.accounts import RECEIVABLE, REFUNDS, AccountKey, money_at
from payments.ledger.models import EventKind, Transaction
from payments.ledger.services import (
    Booking,
    Statement,
    transaction_book_beside,
    transaction_reverse,
    transactions_book,
)
from payments.models import EntryKind, PaymentEntry, PaymentIntent, Refund, RefundState
from payments.targets import target_of
from shop.core.inserting import row_insert
from shop.core.planned import planned_each_time

PORTION = 2000  # of a past that is booked at once


def entry_write(entry: PaymentEntry, *, also: Statement | None = None) -> None:
    """Keep it; money that has come is booked with it. Other entries of a payment move none that their
    refund does not book. ``also``: of money that has come, what is written by the same statement.
    """
    if entry.kind != EntryKind.CAPTURED or not entry.amount:
        row_insert(entry)
        return
    values = [entry.intent_id, str(entry.kind), entry.amount, entry.source, entry.reference]
    values += [entry.by_id, entry.happened_at]
    booking = replace(capture_booking(entry), key=CAPTURE)
    entry.pk = transaction_book_beside(booking, cause=ENTRY_SQL, values=values, also=also)
    entry._state.adding, entry._state.db = False, DEFAULT_DB_ALIAS


CAPTURE = "capture:"  # and the entry's key
ENTRY_SQL = """
INSERT INTO payments_paymententry (intent_id, kind, amount, source, reference, by_id, happened_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def refund_asked_book(refund: Refund) -> None:
    transactions_book([asked_booking(refund)])


def refund_done_book(refund: Refund) -> None:
    transactions_book([done_booking(refund)])


def refund_unsent_book(refund: Refund, *, user: Any = None) -> None:
    """It had not left: the opposite of what was booked as it was said to be sent."""
    booked = Transaction.objects.filter(key=done_booking(refund).key).first()
    if booked is not None:
        transaction_reverse(booked=booked, user=user)


def refund_refused_book(refund: Refund) -> None:
    transactions_book([refused_booking(refund)])


def capture_booking(entry: PaymentEntry) -> Booking:
    """The customer owes less, the provider (or the bank) has more."""
    intent = entry.intent
    return Booking(
        key=f"{CAPTURE}{entry.pk}",
        kind=EventKind.CAPTURE,
        currency=intent.currency,
        entries=[(money_at(intent.gateway), entry.amount), (RECEIVABLE, -entry.amount)],
        order_number=intent.order_number,
        reference=entry.reference or intent.reference,
        happened_at=entry.happened_at,
        actor_id=entry.by_id,
    )


def asked_booking(refund: Refund) -> Booking:
    """Decided and not sent: the shop owes it."""
    return _booking(refund, "asked", EventKind.REFUND_ASKED, RECEIVABLE, REFUNDS)


def done_booking(refund: Refund) -> Booking:
    """It has left the provider (or the bank), or stands where its target put it."""
    to = refund.target
    money = target_of(to).account if to else money_at(_lies_at(refund.intent))
    again = f":{refund.reopened + 1}" if refund.reopened else ""
    return _booking(refund, f"done{again}", EventKind.REFUND, REFUNDS, money)


def _lies_at(intent: PaymentIntent) -> str:
    """The gateway that has the money: of an exchange that which took it first."""
    return intent.origin.gateway if intent.origin is not None else intent.gateway


def refused_booking(refund: Refund) -> Booking:
    """The provider would not: as if it had not been asked."""
    return _booking(refund, "refused", EventKind.REFUND_REFUSED, REFUNDS, RECEIVABLE)


def _booking(
    refund: Refund, step: str, kind: EventKind, debit: AccountKey, credit: AccountKey
) -> Booking:
    amount: Decimal = refund.amount
    asked = kind == EventKind.REFUND_ASKED
    return Booking(
        key=f"refund:{refund.pk}:{step}",
        kind=kind,
        currency=refund.intent.currency,
        entries=[(debit, amount), (credit, -amount)],
        order_number=refund.intent.order_number,
        reference="" if asked else refund.reference,
        happened_at=refund.created_at if asked else refund.settled_at,
        memo=refund.reason if asked else "",
        actor_id=refund.requested_by_id if asked else None,
    )


def captures_unbooked() -> QuerySet[PaymentEntry]:
    captured = PaymentEntry.objects.filter(kind=EntryKind.CAPTURED, amount__gt=0)
    return _unbooked(captured, CAPTURE, "")


def refunds_unbooked(step: str) -> QuerySet[Refund]:
    """``asked``, ``done`` or ``refused``: refunds that came so far, without the booking."""
    refunds = Refund.objects.all()
    if step != "asked":
        # What was sent once more is booked as it is sent; only money of before the ledger waits here.
        refunds = refunds.filter(state=RefundState(step), reopened=0)
    return _unbooked(refunds, "refund:", f":{step}")


def _unbooked(rows: QuerySet, before: str, after: str) -> QuerySet:
    key = Concat(Value(before), Cast("pk", CharField()), Value(after), output_field=CharField())
    booked = Transaction.objects.filter(key=OuterRef("ledger_key"))
    return (
        rows.annotate(ledger_key=key)
        .filter(~Exists(booked))
        .select_related("intent")
        .order_by(F("pk").asc())
    )


def payments_catch_up(*, tell: Callable[[int], object] = lambda count: None) -> int:
    """Book all payments and refunds that are not in the books yet; how many there were.

    For money from before there was a ledger. ``tell`` hears of each portion's size.
    """
    with planned_each_time():
        return _catch_up(tell)


def _catch_up(tell: Callable[[int], object]) -> int:
    written = 0
    rooms: list[tuple[QuerySet, Callable[..., Booking]]] = [
        (captures_unbooked(), capture_booking),
        (refunds_unbooked("asked"), asked_booking),
        (refunds_unbooked("done"), done_booking),
        (refunds_unbooked("refused"), refused_booking),
    ]
    for rows, booking in rooms:
        last = 0
        while portion := list(rows.filter(pk__gt=last)[:PORTION]):
            last = portion[-1].pk
            written += transactions_book([booking(row) for row in portion])
            tell(len(portion))
    return written
