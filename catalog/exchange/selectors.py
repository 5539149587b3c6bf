"""What the team sees of rates and of prices in other currencies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from catalog.exchange.models import Currency, CurrencyPrice, ExchangeRate
from catalog.exchange.rates import Exchange
from catalog.exchange.rows import RateRow

JUMP = Decimal("0.1")  # a rate that moved by more since the last one is perhaps a slip
SAMPLE = Decimal("24.90")  # of the shop's own currency, to show how prices end


@dataclass(frozen=True)
class CurrencyShown:
    """``move``: of the newest rate since the one before, in percent; None without two."""

    currency: Currency
    newest: ExchangeRate | None
    move: Decimal | None
    sample: Decimal | None


def currencies_shown() -> list[CurrencyShown]:
    """Every currency with its newest rate. Two queries."""
    rates: dict[str, list[ExchangeRate]] = defaultdict(list)
    for rate in _newest(2):
        rates[rate.currency_id].append(rate)
    return [
        _shown(one, rates[one.pk])
        for one in Currency.objects.exclude(pk=settings.OSCAR_DEFAULT_CURRENCY)
    ]


def _shown(currency: Currency, rates: list[ExchangeRate]) -> CurrencyShown:
    newest = rates[0] if rates else None
    move = (rates[0].rate / rates[1].rate - 1) * 100 if len(rates) > 1 else None
    sample = None
    if newest is not None:
        exchange = Exchange(currency.pk, newest.rate, newest.day, currency.ending)
        sample = exchange.price(SAMPLE)
    return CurrencyShown(currency, newest, move, sample)


def _newest(count: int) -> Iterable[ExchangeRate]:
    """The last ``count`` of each currency, newest first."""
    return ExchangeRate.objects.raw(
        """SELECT rate.* FROM exchange_currency AS one CROSS JOIN LATERAL (
               SELECT * FROM exchange_exchangerate WHERE currency_id = one.code
               ORDER BY day DESC LIMIT %s
           ) AS rate ORDER BY one.code, rate.day DESC""",
        [count],
    )


def rates_find() -> QuerySet[ExchangeRate]:
    return ExchangeRate.objects.select_related("user").order_by("-day", "currency_id")


def rates_jumping(rows: Iterable[RateRow]) -> list[tuple[RateRow, Decimal]]:
    """Those that moved by more than a tenth since the rate before them, and by how many percent.

    Rates that the table itself brings count as before too.
    """
    rows = sorted(rows, key=lambda row: (row.currency, row.day))
    last: dict[str, Decimal] = {}
    found = []
    for row in rows:
        if row.currency not in last:
            older = ExchangeRate.objects.filter(currency=row.currency, day__lt=row.day)
            before = older.order_by("-day").values_list("rate", flat=True).first()
        else:
            before = last[row.currency]
        if before is not None and abs(row.rate / before - 1) > JUMP:
            found.append((row, (row.rate / before - 1) * 100))
        last[row.currency] = row.rate
    return found


def rates_there(rows: Iterable[RateRow]) -> list[RateRow]:
    """Those whose day has a rate already."""
    rows = list(rows)
    days = {row.day for row in rows}
    known = set(ExchangeRate.objects.filter(day__in=days).values_list("day", "currency_id"))
    return [row for row in rows if (row.day, row.currency) in known]


def currency_prices_find(*, text: str = "") -> QuerySet[CurrencyPrice]:
    rows = CurrencyPrice.objects.select_related("stock_record__product__parent").order_by(
        "stock_record__partner_sku", "currency_id"
    )
    if not text:
        return rows
    return rows.filter(
        Q(stock_record__partner_sku__icontains=text)
        | Q(stock_record__product__title__icontains=text)
        | Q(stock_record__product__parent__title__icontains=text)
    )
