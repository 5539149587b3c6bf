"""Prices as a table of SKU, quantity and price: pasted or uploaded, all of it or nothing."""

import csv
import io
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.partner.models import StockRecord
from catalog.pricing.exceptions import PricesRefused
from catalog.pricing.list_services import EntryRow
from shop.core.money import exponent

MOST_ROWS = 2_000
MOST_ERRORS = 20  # told at once
MOST_UNITS = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD
MOST_PRICE = Decimal(10) ** 9
HEADS = {"sku", "货号"}


def prices_read(text: str, *, currency: str) -> list[EntryRow]:
    """The rows of ``text``; a head and empty lines are passed over. Two queries at most.

    Separated by comma, semicolon or tab; a row of two cells is for one unit. Raises
    ``PricesRefused`` with every error and the number of its row.
    """
    lines = _lines(text)
    if not lines:
        raise PricesRefused([_("There is no row in it.")])
    if len(lines) > MOST_ROWS:
        raise PricesRefused([_("At most %(most)d rows at a time.") % {"most": MOST_ROWS}])
    known = _records({cells[0] for _number, cells in lines}, currency)
    errors: list[str] = []
    rows: dict[tuple[int, int], EntryRow] = {}
    for number, cells in lines:
        try:
            row = _row(cells, known, currency)
            if (row.record_id, row.quantity) in rows:
                raise PricesRefused([_("this SKU and quantity stand in it twice")])
            rows[row.record_id, row.quantity] = row
        except PricesRefused as refusal:
            errors.append(
                _("Row %(number)d: %(error)s") % {"number": number, "error": refusal.errors[0]}
            )
    if errors:
        more = len(errors) - MOST_ERRORS
        shown = errors[:MOST_ERRORS]
        raise PricesRefused(
            [*shown, _("and %(more)d more") % {"more": more}] if more > 0 else shown
        )
    return list(rows.values())


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Numbered from 1, as a spreadsheet does."""
    if "\x00" in text:
        raise PricesRefused([_("This is not a table of text.")])
    head = text.partition("\n")[0]
    delimiter = next((mark for mark in "\t;," if mark in head), ",")
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise PricesRefused([_("This table cannot be read.")]) from error
    lines = []
    for number, cells in enumerate(table, start=1):
        cells = [cell.strip() for cell in cells]
        if any(cells) and not (number == 1 and cells[0].lower() in HEADS):
            lines.append((number, cells))
    return lines


def _records(skus: set[str], currency: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    currencies = (currency, settings.OSCAR_DEFAULT_CURRENCY)
    rows = StockRecord.objects.filter(partner_sku__in=skus, price_currency__in=currencies)
    rows = rows.order_by("pk")
    for pk, sku in rows.values_list("pk", "partner_sku"):
        found.setdefault(sku, []).append(pk)
    return found


def _row(cells: list[str], known: dict[str, list[int]], currency: str) -> EntryRow:
    if len(cells) not in (2, 3):
        raise PricesRefused([_("SKU, quantity and price are wanted")])
    sku, price = cells[0], cells[-1]
    records = known.get(sku, [])
    if len(records) != 1:
        text = _("there is no SKU “%(sku)s”") if not records else _("several goods are “%(sku)s”")
        raise PricesRefused([text % {"sku": sku[:40]}])
    return EntryRow(
        record_id=records[0],
        quantity=_quantity(cells[1] if len(cells) == 3 else ""),
        price=_price(price, currency),
    )


def _quantity(text: str) -> int:
    if not text:
        return 1
    is_number = text.isdecimal() and len(text) <= 6
    if not is_number or not 1 <= int(text) <= MOST_UNITS:
        raise PricesRefused(
            [_("the quantity is a whole number from 1 to %(most)d") % {"most": MOST_UNITS}]
        )
    return int(text)


def _price(text: str, currency: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise PricesRefused([_("“%(text)s” is no price") % {"text": text[:20]}]) from error
    if not price.is_finite() or not 0 < price < MOST_PRICE:
        raise PricesRefused([_("the price must be above nothing")])
    if price != price.quantize(exponent(currency)):
        raise PricesRefused(
            [
                _("the price is finer than the smallest coin of %(currency)s")
                % {"currency": currency}
            ]
        )
    return price
