"""What a provider paid out: kept line by line, its fees and its payout booked."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.ledger.accounts import BANK, FEES, money_at
from payments.ledger.arrivals import arrived
from payments.ledger.exceptions import SettlementRefused
from payments.ledger.locks import payouts_lock
from payments.ledger.models import EventKind, Settlement, SettlementLine
from payments.ledger.services.booking import Booking, transactions_book
from payments.ledger.settlement_table import SettlementRow
from shop.core.days import day_start
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO

Payout = tuple[str, str]  # its number and its currency


@retry_on_conflict
def settlements_import(
    *, gateway_code: str, rows: Sequence[SettlementRow], user: Any = None
) -> list[Settlement]:
    """Keep each payout of a file with its lines and book fees and payout; all or nothing.

    A payout that is here with the same lines is left as it is. Raises ``SettlementRefused`` for one
    that is here with others.
    """
    payouts_lock()
    return [
        _payout_import(gateway_code, payout, part, user) for payout, part in _parts(rows).items()
    ]


def _parts(rows: Sequence[SettlementRow]) -> dict[Payout, list[SettlementRow]]:
    parts: dict[Payout, list[SettlementRow]] = {}
    for row in rows:
        parts.setdefault((row.payout, row.currency), []).append(row)
    return parts


def _payout_import(
    gateway_code: str, payout: Payout, rows: Sequence[SettlementRow], user: Any
) -> Settlement:
    number, currency = payout
    gross = sum((row.amount for row in rows), ZERO)
    fees = sum((row.fee for row in rows), ZERO)
    settlement, is_new = Settlement.objects.get_or_create(
        gateway=gateway_code,
        payout=number,
        currency=currency,
        defaults={
            "paid_on": rows[0].paid_on,
            "gross": gross,
            "fees": fees,
            "is_paid_out": rows[0].is_paid_out,
            "imported_by": user,
        },
    )
    if not is_new:
        _refuse_other_lines(settlement, rows)
        return settlement
    SettlementLine.objects.bulk_create(
        SettlementLine(
            settlement=settlement,
            kind=row.kind,
            reference=row.reference,
            order_number=row.order_number,
            amount=row.amount,
            fee=row.fee,
        )
        for row in rows
    )
    transactions_book(_bookings(settlement))
    arrived(settlement)
    return settlement


def _refuse_other_lines(settlement: Settlement, rows: Sequence[SettlementRow]) -> None:
    columns = ("kind", "reference", "amount", "fee")
    here = sorted(settlement.lines.values_list(*columns))
    if here != sorted((row.kind, row.reference, row.amount, row.fee) for row in rows):
        text = _("Payout %(payout)s is here already, with other rows. It is never changed.")
        raise SettlementRefused([text % {"payout": settlement.payout}])


def _bookings(settlement: Settlement) -> list[Booking]:
    clearing = money_at(settlement.gateway)
    moment = _noon(settlement.paid_on)
    net: Decimal = settlement.net
    parts = [
        ("fees", EventKind.FEE, [(FEES, settlement.fees), (clearing, -settlement.fees)]),
    ]
    if settlement.is_paid_out:
        parts.append(("payout", EventKind.PAYOUT, [(BANK, net), (clearing, -net)]))
    return [
        Booking(
            key=f"settlement:{settlement.pk}:{name}",
            kind=kind,
            currency=settlement.currency,
            entries=entries,
            reference=settlement.payout,
            happened_at=moment,
            source=f"settlement:{settlement.pk}",
        )
        for name, kind, entries in parts
        if entries[0][1]
    ]


def _noon(day: dt.date) -> dt.datetime:
    return min(day_start(day) + dt.timedelta(hours=12), timezone.now())
