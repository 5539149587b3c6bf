"""What the card provider paid out, with a difference for finance to find, and days that are closed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from payments.bank.models import BankLine, UseKind
from payments.bank.services import statement_take
from payments.bank.statements import Read
from payments.bank.uses import line_use
from payments.ledger.models import Settlement
from payments.ledger.services import days_close, settlements_import
from payments.ledger.settlement_table import SettlementRow
from payments.models import EntryKind, PaymentEntry
from payments.wallets.kinds import AS_CREDIT
from shop.core.days import day_start
from shop.core.money import rounded

GATEWAY = "stripe"
ROWS = 12  # of a payout
PAID_AFTER = dt.timedelta(days=2)
SHARE, EACH = Decimal("0.014"), Decimal("0.25")  # of a payment, and for each
SIGN = {EntryKind.CAPTURED: 1, EntryKind.REFUNDED: -1}
CLOSED = 5  # days ago
MISSING = Decimal(1)


def settled_load(*, finance: Any, now: dt.datetime) -> None:
    """Two payouts. The later one is a euro short on one payment and has one that nobody knows.

    Call when everything is booked: the days until ``CLOSED`` days ago are closed after it.
    """
    last = timezone.localtime(now).date() - dt.timedelta(days=CLOSED)
    entries = PaymentEntry.objects.filter(
        intent__gateway=GATEWAY,
        intent__currency="EUR",
        kind__in=SIGN,
        happened_at__lt=day_start(last - PAID_AFTER),
    ).exclude(reference__startswith=AS_CREDIT)
    newest = list(entries.select_related("intent").order_by("-happened_at", "-pk")[: 2 * ROWS])
    for number, part in enumerate((newest[ROWS:], newest[:ROWS]), start=1):
        rows = _rows(f"po_demo{number}", part[::-1])
        if rows and number == 2:
            rows = [_changed(rows[0]), *rows[1:], _unknown(rows[0])]
        if rows:
            settlements_import(gateway_code=GATEWAY, rows=rows, user=finance)
    _statement(finance, now)
    days_close(until=last, user=finance, is_sure=True)


def _statement(finance: Any, now: dt.datetime) -> None:
    """What the bank says of the payouts, and what is no customer's: the first payout is found already,
    the rest waits for finance."""
    paid = list(Settlement.objects.filter(gateway=GATEWAY).order_by("paid_on"))
    yesterday = timezone.localtime(now).date() - dt.timedelta(days=1)
    lines = [
        (one.paid_on, one.net, f"STRIPE {one.payout}", "Stripe Payments Europe") for one in paid
    ]
    lines += [
        (yesterday, Decimal("-4.90"), "Account fee", "Our bank"),
        (yesterday, Decimal("-850.00"), "Rent of the storeroom", "Speicher GmbH"),
    ]
    rows = [
        Read(day, amount, "EUR", words, payer, f"id:demo-house-{number}")
        for number, (day, amount, words, payer) in enumerate(lines)
    ]
    statement_take(rows=rows, user=finance)
    first = BankLine.objects.filter(fingerprint="id:demo-house-0").first()
    if paid and first is not None:
        line_use(line=first, kind=UseKind.PAYOUT, gateway_code=GATEWAY, user=finance)


def _rows(payout: str, entries: Sequence[PaymentEntry]) -> list[SettlementRow]:
    rows = []
    for one in entries:
        is_paid = one.kind == EntryKind.CAPTURED
        rows.append(
            SettlementRow(
                payout=payout,
                paid_on=timezone.localdate(entries[-1].happened_at) + PAID_AFTER,
                kind="payment" if is_paid else "refund",
                reference=one.reference,
                order_number=one.intent.order_number,
                currency="EUR",
                amount=SIGN[EntryKind(one.kind)] * one.amount,
                fee=rounded(one.amount * SHARE, "EUR") + EACH if is_paid else Decimal(0),
            )
        )
    return rows


def _changed(row: SettlementRow) -> SettlementRow:
    return replace(row, amount=row.amount - MISSING)


def _unknown(row: SettlementRow) -> SettlementRow:
    return replace(
        row,
        kind="payment",
        reference="pi_demo_unknown",
        order_number="",
        amount=Decimal("19.90"),
        fee=Decimal("0.53"),
    )
