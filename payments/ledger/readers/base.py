"""What every reader of a provider's report shares: the protocol, rows, and how errors name theirs."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.gateways import gateways_all
from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from shop.core.money import ZERO, is_currency, to_minor

MOST_ROWS = 20_000
MOST_ERRORS = 20  # told at once
MOST = Decimal(10) ** 9
Cells = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class SettlementRow:
    """``amount``: major units, what was paid above zero, what was sent back below, nothing of a fee
    alone; ``fee``: what was kept, below zero what was given back.

    ``is_paid_out``: the payout's net has left the provider. Of reports by day it stays there, until a
    bank statement shows it.
    """

    payout: str
    paid_on: dt.date
    kind: str
    reference: str
    order_number: str
    currency: str
    amount: Decimal
    fee: Decimal
    is_paid_out: bool = True


class Reader(Protocol):
    """One file format. ``gateway``: whose it is, empty for any; ``name``: what people call the file."""

    gateway: str
    name: str

    def knows(self, text: str) -> bool:
        """Whether ``text`` is of this format, by its head alone."""
        ...

    def read(self, text: str) -> list[SettlementRow]:
        """All rows that moved money. Raises ``SettlementRefused`` with every error and its row."""
        ...

    def write(self, rows: Sequence[SettlementRow]) -> str:
        """A report with these rows as the provider would send it, for the demo and the tests."""
        ...


def table_of(text: str) -> list[list[str]]:
    """Cells by rows; commas, semicolons or tabs, whichever the first row has."""
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in "\t;," if mark in head), ",")
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise SettlementRefused([_("This table cannot be read.")]) from error


def lines_of(table: Sequence[list[str]], needed: Iterable[str]) -> list[tuple[int, Cells]]:
    """Rows with their numbers, cells by the names of the first row. Refuses a head that lacks a name."""
    names = [cell.strip().lower() for cell in table[0]] if table else []
    names_needed(names, needed)
    return [
        (number, dict(zip(names, map(str.strip, cells), strict=False)))
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def names_needed(names: Iterable[str], needed: Iterable[str]) -> None:
    there = set(names)
    missing = [name for name in needed if name not in there]
    if missing:
        text = _("The first row must name the columns; missing: %(names)s.")
        raise SettlementRefused([text % {"names": ", ".join(missing)}])


def rows_of(
    lines: Sequence[tuple[int, T]], make: Callable[[T], SettlementRow | None]
) -> list[SettlementRow]:
    """What ``make`` makes of each line; None moved no money of ours. All of them or none."""
    if len(lines) > MOST_ROWS:
        raise SettlementRefused([_("At most %(most)d rows at a time.") % {"most": MOST_ROWS}])
    rows: list[SettlementRow] = []
    seen: set[tuple[str, str, str, str]] = set()
    days: dict[tuple[str, str], dt.date] = {}
    errors = []
    for number, line in lines:
        try:
            row = make(line)
            if row is None:
                continue
            key = (row.payout, row.currency, row.kind, row.reference)
            if key in seen:
                raise SettlementRefused([_("this reference stands in it twice")])
            if days.setdefault((row.payout, row.currency), row.paid_on) != row.paid_on:
                raise SettlementRefused([_("a payout has one day")])
            if len(row.payout) > 120 or len(row.reference) > 200 or len(row.order_number) > 40:
                raise SettlementRefused([_("a text is too long")])
            seen.add(key)
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
    if not rows:
        raise SettlementRefused([_("There is no row in it.")])
    return rows


def filled(cells: Mapping[str, str], *names: str) -> None:
    """Refuses a row in which one of these is empty."""
    for name in names:
        if not cells.get(name):
            raise SettlementRefused([_("“%(name)s” is empty") % {"name": name}])


def currency_of(text: str, gateway_code: str = "") -> str:
    """A currency of ISO 4217, and one that this gateway takes."""
    currency = text.upper()
    if not is_currency(currency):
        raise SettlementRefused([_("“%(text)s” is no currency") % {"text": text[:10]}])
    takes = {one.code: one.currencies for one in gateways_all()}.get(gateway_code)
    if takes and currency not in takes:
        facts = {"currency": currency}
        raise SettlementRefused([_("%(currency)s is no currency of this provider") % facts])
    return currency


def amount_of(text: str, currency: str) -> Decimal:
    try:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) >= MOST:
            raise ValueError(text)
        to_minor(amount, currency)
    except (InvalidOperation, ValueError) as error:
        facts = {"text": text[:20], "currency": currency}
        raise SettlementRefused([_("“%(text)s” is no amount in %(currency)s") % facts]) from error
    return amount


def day_of(text: str) -> dt.date:
    """``2026-11-28``, also with slashes and a time behind it; past, and not so long ago."""
    try:
        day = dt.date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError as error:
        facts = {"text": text[:20]}
        raise SettlementRefused([_("“%(text)s” is no day such as 2026-11-28") % facts]) from error
    if not day.year >= 2000 or day > timezone.localdate():
        raise SettlementRefused([_("a payout's day is past, and not so long ago")])
    return day


def by_sign(amount: Decimal) -> LineKind:
    """Of money that is neither payment nor refund by name: a dispute, an adjustment."""
    return LineKind.PAYMENT if amount > ZERO else LineKind.REFUND


def csv_of(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
