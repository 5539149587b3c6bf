"""How goods travel: price by zone and value, and the day they are promised for."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from oscar.apps.shipping import methods as core
from oscar.core.prices import Price

from catalog.exchange.rates import Exchange
from shop.core.money import ZERO, reduction
from shop.core.pagecache import until

CUT_OFF_HOUR = 14  # local time; later orders leave the next working day


@dataclass(frozen=True)
class ZoneRate:
    """One method to one zone. ``charge`` includes tax; free from ``free_from`` on (basket value).

    Both are in the shop's own currency.

    ``days``: working days from leaving to arriving, earliest and latest.
    """

    code: str
    name: str | Promise
    description: str | Promise
    charge: Decimal
    days: tuple[int, int]
    free_from: Decimal | None = None
    is_discounted: ClassVar[bool] = False

    def price(self, exchange: Exchange) -> Decimal:
        """The charge in the shopper's currency, as a price."""
        return exchange.price(self.charge)

    def minimum(self, exchange: Exchange) -> Decimal | None:
        """``free_from`` in the shopper's currency, at the day's rate."""
        return None if self.free_from is None else exchange.limit(self.free_from)

    def discount(self, basket) -> Decimal:
        """Oscar asks every method; offers on shipping wrap this one."""
        return ZERO

    def calculate(self, basket, options=None) -> Price:
        exchange = basket.strategy.exchange
        minimum = self.minimum(exchange)
        is_free = minimum is not None and basket.shown_total >= minimum
        return charge_made(ZERO if is_free else self.price(exchange), basket)

    def promise(self, ordered_at: dt.datetime | None = None) -> tuple[dt.date, dt.date]:
        """The first and last day on which the parcel may arrive."""
        local = timezone.localtime(ordered_at)
        if ordered_at is None:
            until(next_cut_off(local))
        leaves = local.date() if local.hour < CUT_OFF_HOUR else local.date() + dt.timedelta(days=1)
        leaves = working_days_after(leaves - dt.timedelta(days=1), 1)
        return working_days_after(leaves, self.days[0]), working_days_after(leaves, self.days[1])


def charge_made(shown: Decimal, basket) -> Price:
    """A charge as it is shown, with the tax in it or beside it; rounded once, here."""
    taxes = basket.strategy.taxes
    incl_tax, excl_tax = taxes.sums(shown, taxes.delivery_rate, basket.currency)
    return Price(
        currency=basket.currency,
        excl_tax=excl_tax,
        incl_tax=incl_tax,
        tax_code=f"{(taxes.delivery_rate * 100).normalize():f}%",
    )


def charge_shown(charge: Price, basket) -> Decimal:
    """The charge as prices are shown to this shopper."""
    return charge.excl_tax if basket.strategy.taxes.is_added else charge.incl_tax


class NoShippingRequired(core.NoShippingRequired):
    """Nothing travels, nothing is promised."""

    def promise(self, ordered_at: dt.datetime | None = None) -> tuple[None, None]:
        return None, None


def next_cut_off(local: dt.datetime) -> dt.datetime:
    """From then on every promise is a day later."""
    cut_off = local.replace(hour=CUT_OFF_HOUR, minute=0, second=0, microsecond=0)
    return cut_off if local < cut_off else cut_off + dt.timedelta(days=1)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The ``count``-th day after ``day`` that is no Saturday or Sunday."""
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day


# Oscar looks these up here.
Free = core.Free
FixedPrice = core.FixedPrice
OfferDiscount = core.OfferDiscount
TaxExclusiveOfferDiscount = core.TaxExclusiveOfferDiscount


class TaxInclusiveOfferDiscount(core.TaxInclusiveOfferDiscount):
    """A method made cheaper by an offer keeps its promise; the offer takes off what is shown."""

    def calculate(self, basket) -> Price:
        shown = charge_shown(self.method.calculate(basket), basket)
        return charge_made(shown - self.discount(basket), basket)

    def discount(self, basket) -> Decimal:
        shown = charge_shown(self.method.calculate(basket), basket)
        less = self.offer.shipping_discount(shown, basket.currency)
        return reduction(less, left=shown, currency=basket.currency)

    def promise(self, ordered_at: dt.datetime | None = None):
        return self.method.promise(ordered_at)
