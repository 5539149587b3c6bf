"""Rates as a table of day, currency and rate: pasted or uploaded, all of it or nothing."""

import csv
import datetime as dt
import io
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.exchange.exceptions import RatesRefused
from catalog.exchange.models import Currency
from catalog.exchange.rows import RateRow
from shop.core.money import is_currency

MOST_ROWS = 5_000
MOST_ERRORS = 20  # told at once
MOST_RATE = Decimal(10) ** 9
LEAST_RATE = Decimal("0.00000001")
HEADS = {"day", "date", "日期"}


def rates_read(text: str) -> list[RateRow]:
    """The rows of ``text``; a head and empty lines are passed over. One query.

    ``2026-11-28,USD,1.0840``; a row of two cells is of today. Raises ``RatesRefused`` with every
    error and the number of its row.
    """
    if "\x00" in text:
        raise RatesRefused([_("This is not a table of text.")])
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in "\t;," if mark in head), ",")
    try:
        table = [[cell.strip() for cell in row] for row in _cells(text, delimiter)]
    except csv.Error as error:
        raise RatesRefused([_("This table cannot be read.")]) from error
    lines = [
        (number, cells)
        for number, cells in enumerate(table, start=1)
        if any(cells) and not (number == 1 and cells[0].lower() in HEADS)
    ]
    if not lines:
        raise RatesRefused([_("There is no row in it.")])
    if len(lines) > MOST_ROWS:
        raise RatesRefused([_("At most %(most)d rows at a time.") % {"most": MOST_ROWS}])
    return _rows(lines)


def _cells(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def _rows(lines: list[tuple[int, list[str]]]) -> list[RateRow]:
    known = set(Currency.objects.values_list("code", flat=True))
    rows: dict[tuple[dt.date, str], RateRow] = {}
    errors = []
    for number, cells in lines:
        try:
            row = _row(cells, known)
            if (row.day, row.currency) in rows:
                raise RatesRefused([_("this day and currency stand in it twice")])
            rows[row.day, row.currency] = row
        except RatesRefused as refusal:
            facts = {"number": number, "error": refusal.errors[0]}
            errors.append(_("Row %(number)d: %(error)s") % facts)
    if errors:
        more = len(errors) - MOST_ERRORS
        shown = errors[:MOST_ERRORS]
        raise RatesRefused([*shown, _("and %(more)d more") % {"more": more}] if more > 0 else shown)
    return list(rows.values())


def _row(cells: list[str], known: set[str]) -> RateRow:
    if len(cells) not in (2, 3):
        raise RatesRefused([_("day, currency and rate are wanted")])
    currency = cells[-2].upper()
    if currency not in known and not is_currency(currency):
        raise RatesRefused([_("“%(text)s” is no currency") % {"text": cells[-2][:10]}])
    day = _day(cells[0]) if len(cells) == 3 else timezone.localdate()
    return RateRow(day=day, currency=currency, rate=_rate(cells[-1]))


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        facts = {"text": text[:20]}
        raise RatesRefused([_("“%(text)s” is no day such as 2026-11-28") % facts]) from error
    if day > timezone.localdate():
        raise RatesRefused([_("a rate is known on its day, not before")])
    if day.year < 2000:
        raise RatesRefused([_("this day is too long ago")])
    return day


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation as error:
        raise RatesRefused([_("“%(text)s” is no rate") % {"text": text[:20]}]) from error
    if not rate.is_finite() or not LEAST_RATE <= rate < MOST_RATE:
        raise RatesRefused([_("the rate must be above nothing")])
    if rate != rate.quantize(LEAST_RATE):
        raise RatesRefused([_("at most eight decimals")])
    return rate
