"""A provider's settlement as a table: pasted or uploaded, all of it or nothing."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from shop.core.money import ZERO, is_currency, to_minor

COLUMNS = ("payout", "paid_on", "type", "reference", "order", "currency", "gross", "fee", "net")
MOST_ROWS = 20_000
MOST_ERRORS = 20  # told at once
MOST = Decimal(10) ** 9


@dataclass(frozen=True)
class SettlementRow:
    """``amount``: major units, what was paid above zero, what was sent back below."""

    payout: str
    paid_on: dt.date
    kind: str
    reference: str
    order_number: str
    currency: str
    amount: Decimal
    fee: Decimal


def settlement_read(text: str) -> list[SettlementRow]:
    """The rows of ``text``, which begins with the head ``COLUMNS`` in any order.

    Raises ``SettlementRefused`` with every error and the number of its row.
    """
    if "\x00" in text:
        raise SettlementRefused([_("This is not a table of text.")])
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in "\t;," if mark in head), ",")
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise SettlementRefused([_("This table cannot be read.")]) from error
    names = [cell.strip().lower() for cell in table[0]] if table else []
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        text = _("The first row must name the columns; missing: %(names)s.")
        raise SettlementRefused([text % {"names": ", ".join(missing)}])
    lines = [
        (number, dict(zip(names, map(str.strip, cells), strict=False)))
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not lines:
        raise SettlementRefused([_("There is no row in it.")])
    if len(lines) > MOST_ROWS:
        raise SettlementRefused([_("At most %(most)d rows at a time.") % {"most": MOST_ROWS}])
    return _rows(lines)


def _rows(lines: list[tuple[int, dict[str, str]]]) -> list[SettlementRow]:
    rows: list[SettlementRow] = []
    seen: set[tuple[str, str, str]] = set()
    days: dict[str, dt.date] = {}
    errors = []
    for number, cells in lines:
        try:
            row = _row(cells)
            if (row.payout, row.kind, row.reference) in seen:
                raise SettlementRefused([_("this reference stands in it twice")])
            if days.setdefault(row.payout, row.paid_on) != row.paid_on:
                raise SettlementRefused([_("a payout has one day")])
            seen.add((row.payout, row.kind, row.reference))
            rows.append(row)
        except SettlementRefused as refusal:
            facts = {"number": number, "error": refusal.errors[0]}
            errors.append(_("Row %(number)d: %(error)s") % facts)
    if errors:
        more = len(errors) - MOST_ERRORS
        shown = errors[:MOST_ERRORS]
        raise SettlementRefused(
            [*shown, _("and %(more)d more") % {"more": more}] if more > 0 else shown
        )
    return rows


def _row(cells: Mapping[str, str]) -> SettlementRow:
    for name in COLUMNS:
        if name != "order" and not cells.get(name):
            raise SettlementRefused([_("“%(name)s” is empty") % {"name": name}])
    currency, kind = cells["currency"].upper(), cells["type"].lower()
    if not is_currency(currency):
        raise SettlementRefused([_("“%(text)s” is no currency") % {"text": currency[:10]}])
    if kind not in LineKind.values:
        raise SettlementRefused([_("the type is payment or refund")])
    if len(cells["payout"]) > 120 or len(cells["reference"]) > 200 or len(cells["order"]) > 40:
        raise SettlementRefused([_("a text is too long")])
    gross, fee, net = (_amount(cells[name], currency) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise SettlementRefused([_("gross less fee is not net")])
    if (kind == LineKind.PAYMENT) != (gross > ZERO) or not gross:
        raise SettlementRefused([_("payments are above zero, refunds below")])
    return SettlementRow(
        payout=cells["payout"],
        paid_on=_day(cells["paid_on"]),
        kind=kind,
        reference=cells["reference"],
        order_number=cells["order"],
        currency=currency,
        amount=gross,
        fee=fee,
    )


def _amount(text: str, currency: str) -> Decimal:
    try:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) >= MOST:
            raise ValueError(text)
        to_minor(amount, currency)
    except (InvalidOperation, ValueError) as error:
        facts = {"text": text[:20], "currency": currency}
        raise SettlementRefused([_("“%(text)s” is no amount in %(currency)s") % facts]) from error
    return amount


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        facts = {"text": text[:20]}
        raise SettlementRefused([_("“%(text)s” is no day such as 2026-11-28") % facts]) from error
    if not day.year >= 2000 or day > timezone.localdate():
        raise SettlementRefused([_("a payout's day is past, and not so long ago")])
    return day
