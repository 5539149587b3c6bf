"""How goods travel: price by the rate table, and the day they are promised for."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from oscar.apps.shipping import methods as core
from oscar.core.prices import Price

from catalog.exchange.rates import Exchange
from orders.rates.models import Mover
from orders.rates.sheet import sheet_now
from shop.core.money import ZERO, reduction
from shop.core.pagecache import until


@dataclass(frozen=True)
class ZoneRate:
    """One method to one zone. ``charge`` includes tax; free from ``free_from`` on (basket value).

    Both, and ``surcharge``, which is asked in any case, are in the shop's own currency.

    ``days``: the carrier's working days from leaving to arriving, earliest and latest.
    """

    code: str
    name: str | Promise
    description: str | Promise
    charge: Decimal
    days: tuple[int, int]
    free_from: Decimal | None = None
    surcharge: Decimal = ZERO
    carrier: str = ""
    service: str = ""
    country: str = ""
    warehouse: str = ""
    is_discounted: ClassVar[bool] = False

    def price(self, exchange: Exchange) -> Decimal:
        """The charge in the shopper's currency, as a price."""
        return exchange.price(self.charge + self.surcharge)

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
        if not is_free:
            return charge_made(self.price(exchange), basket)
        return charge_made(exchange.price(self.surcharge) if self.surcharge else ZERO, basket)

    def leaves(self, ordered_at: dt.datetime | None = None) -> dt.date:
        """The day on which the warehouse hands it over: by its cut-off, its week and its holidays."""
        return leaves_on(self.warehouse, ordered_at)

    def promise(self, ordered_at: dt.datetime | None = None) -> tuple[dt.date, dt.date]:
        """The first and last day on which the parcel may arrive."""
        leaves, sheet = self.leaves(ordered_at), sheet_now()
        first, last = (
            sheet.day_after(Mover.CARRIER, self.carrier, leaves, days, self.country)
            for days in self.days
        )
        return first, last


def leaves_on(warehouse: str, ordered_at: dt.datetime | None = None) -> dt.date:
    """As `ZoneRate.leaves`, of any way from there. Left out: now, and a page that says so ends with it."""
    local, sheet = timezone.localtime(ordered_at), sheet_now()
    cut_off = sheet.week(Mover.WAREHOUSE, warehouse).cut_off
    if ordered_at is None:
        until(next_cut_off(local, cut_off))
    today = local.date()
    before = today if local.time() >= cut_off else today - dt.timedelta(days=1)
    return sheet.day_after(Mover.WAREHOUSE, warehouse, before, 1)


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


def next_cut_off(local: dt.datetime, at: dt.time) -> dt.datetime:
    """From then on every promise is a day later."""
    cut_off = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return cut_off if local < cut_off else cut_off + dt.timedelta(days=1)


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
