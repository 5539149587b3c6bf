"""What one unit of the shop's own currency is worth, and amounts in other currencies.

Rates and endings are read once (`shop.core.nearby`): a change is known everywhere with the next
request. One `Exchange` serves a whole page, basket or order, so that all its sums agree.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import F

from catalog.exchange.models import Currency, CurrencyPrice, Ending, ExchangeRate
from catalog.exchange.rounding import ended
from shop.core.money import rounded
from shop.core.nearby import Nearby

KEPT_SECONDS = 300


@dataclass(frozen=True)
class Exchange:
    """From the shop's own currency into ``currency``. ``day``: of the rate; None for the own one."""

    currency: str
    rate: Decimal = Decimal(1)
    day: dt.date | None = None
    ending: str = Ending.EXACT

    @property
    def base(self) -> str:
        return settings.OSCAR_DEFAULT_CURRENCY

    @cached_property
    def is_own(self) -> bool:
        return self.currency == self.base

    def amount(self, own: Decimal) -> Decimal:
        """An amount that is no price (a discount, a minimum, a worth), to the smallest coin."""
        return own if self.is_own else rounded(own * self.rate, self.currency)

    def price(self, own: Decimal) -> Decimal:
        """A price, ending as prices of the currency do."""
        if self.is_own:
            return own
        return ended(own * self.rate, ending=self.ending, currency=self.currency)

    def limit(self, own: Decimal) -> Decimal:
        """A minimum that people read, such as that of free delivery: whole units."""
        return own if self.is_own else max(Decimal(1), (own * self.rate).quantize(Decimal(1)))

    def back(self, amount: Decimal) -> Decimal:
        """What ``amount`` is in the shop's own currency, to its smallest coin."""
        return amount if self.is_own else rounded(amount / self.rate, self.base)

    def serves(self, currency: str) -> bool:
        """Whether prices noted in ``currency`` can be said: as they are, or converted."""
        return currency in (self.currency, self.base)

    def from_currency(self, amount: Decimal, currency: str) -> Decimal:
        """``amount`` of any offered currency, by way of the shop's own; smallest coin."""
        if currency == self.currency:
            return amount
        other = exchange_of(currency)
        return rounded(amount / other.rate * self.rate, self.currency)


def own_exchange() -> Exchange:
    return Exchange(settings.OSCAR_DEFAULT_CURRENCY)


def exchange_of(currency: str) -> Exchange:
    """At the rate in force, whether shoppers may choose it or not. The shop's own if there is none.

    No query, and nothing is looked up for the shop's own currency.
    """
    if not currency or currency == settings.OSCAR_DEFAULT_CURRENCY:
        return own_exchange()
    return next(
        (one for one, _is_offered in _exchanges.get() if one.currency == currency), own_exchange()
    )


def currencies_offered() -> list[str]:
    """What shoppers may choose, the shop's own first; only that one where no rate is known."""
    others = [one.currency for one, is_offered in _exchanges.get() if is_offered]
    return [settings.OSCAR_DEFAULT_CURRENCY, *others]


def _exchanges_read() -> list[tuple[Exchange, bool]]:
    newest = (
        ExchangeRate.objects.exclude(currency=settings.OSCAR_DEFAULT_CURRENCY)
        .order_by("currency_id", "-day")
        .distinct("currency_id")
        .annotate(ending=F("currency__ending"), is_offered=F("currency__is_offered"))
    )
    return [
        (Exchange(row.currency_id, row.rate.normalize(), row.day, row.ending), row.is_offered)
        for row in newest
    ]


_exchanges = Nearby("exchange.rates", _exchanges_read, seconds=KEPT_SECONDS, by_language=False)


def currency_prices(record_ids: Iterable[int], *, exchange: Exchange) -> dict[int, Decimal]:
    """By stock record: the price that was set in the currency. No query for the shop's own."""
    if exchange.is_own:
        return {}
    rows = CurrencyPrice.objects.filter(
        stock_record__in=list(record_ids), currency=exchange.currency
    )
    return dict(rows.values_list("stock_record_id", "price"))


def is_offered(currency: str) -> bool:
    return currency in currencies_offered()


def currencies_known() -> list[Currency]:
    return list(Currency.objects.exclude(pk=settings.OSCAR_DEFAULT_CURRENCY))
