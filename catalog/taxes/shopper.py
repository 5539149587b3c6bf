"""Which tax the present request's prices bear: that of the country the reader chose."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone

from catalog.delivery import country_chosen
from catalog.exchange.shopper import currency_market, request_now
from catalog.taxes.rates import Taxes, next_change, taxes_at
from shop.core.pagecache import until
from shop.core.pagecache.gather import is_keeping

ADDED_COOKIE = "tax"  # of nobody's browser: kept pages are made with it
ADDED = "added"


def shopper_taxes() -> Taxes:
    """Of the chosen country; of the shop's own outside of requests."""
    request = request_now()
    taxes = taxes_at(country_chosen(request) if request is not None else "")
    if is_keeping():
        _ends_with_a_rate()
        if request is not None and request.COOKIES.get(ADDED_COOKIE) == ADDED:
            return (
                Taxes(country=taxes.country, is_added=True, is_known=False)
                if (not taxes.is_added)
                else taxes
            )
    return taxes


def market_of(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """What kept pages differ by, as cookies of a visitor who sees the same. Nothing for most."""
    country = country_chosen(request)
    added = ((ADDED_COOKIE, ADDED),) if country and taxes_at(country).is_added else ()
    return currency_market(request) + added


def _ends_with_a_rate() -> None:
    """A kept page says another tax from the day on which a rate begins."""
    day = next_change(day=timezone.localdate())
    if day is not None:
        until(timezone.make_aware(dt.datetime.combine(day, dt.time())))
