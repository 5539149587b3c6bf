"""Prices of a list in a few bands, from the prices that are there."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.exchange.shopper import shopper_currency
from catalog.listing.filters import Filters
from catalog.listing.statement import STEPS
from catalog.listing.tally import Tally
from shop.core.money import exponent, shown

BANDS_AT_MOST = 6


@dataclass(frozen=True)
class Band:
    """``share``: of the fullest band, in percent. ``url`` chooses the band, or lifts it."""

    name: str
    url: str
    count: int
    share: int
    is_chosen: bool


def bands_make(filters: Filters, tally: Tally) -> list[Band]:
    """At most six neighbours that cover every price of the scope; none when one would do."""
    runs = _runs(tally)
    if len(runs) < 2:
        return []
    counts = [
        sum(tally.count("band", one, facet="price") for one in range(first, last + 1))
        for first, last in runs
    ]
    fullest = max(*counts, 1)
    return [
        _band(run, count, filters, share=round(100 * count / fullest), is_last=run is runs[-1])
        for run, count in zip(runs, counts, strict=True)
        if any(tally.everywhere("band", step) for step in range(run[0], run[1] + 1))
    ]


def _runs(tally: Tally) -> list[tuple[int, int]]:
    """First and last step of each band; the two emptiest neighbours become one until few are left."""
    steps = sorted(tally.values("band"))
    if not steps:
        return []
    runs = [(step, step) for step in range(steps[0], steps[-1] + 1)]

    def weight(place: int) -> int:
        first, last = runs[place][0], runs[place + 1][1]
        return sum(tally.everywhere("band", step) for step in range(first, last + 1))

    while len(runs) > BANDS_AT_MOST:
        place = min(range(len(runs) - 1), key=weight)
        runs[place : place + 2] = [(runs[place][0], runs[place + 1][1])]
    return runs


def _band(run: tuple[int, int], count: int, filters: Filters, *, share: int, is_last: bool) -> Band:
    currency = shopper_currency()
    low = Decimal(STEPS[run[0] - 1]) if run[0] > 0 else None
    end = Decimal(STEPS[run[1]]) if run[1] < len(STEPS) and not is_last else None
    high = end - exponent(currency) if end is not None else None
    is_chosen = (filters.price_min, filters.price_max) == (low, high)
    there = filters.but(price_min=None, price_max=None)
    if not is_chosen:
        there = filters.but(price_min=low, price_max=high)
    return Band(
        name=_name(low, end), url=there.query_string, count=count, share=share, is_chosen=is_chosen
    )


def _name(low: Decimal | None, end: Decimal | None) -> str:
    language = get_language() or "en"

    def whole(amount: Decimal) -> str:
        return shown(amount, shopper_currency(), language).removesuffix(".00")

    if low is None and end is not None:
        return _("Under %(amount)s") % {"amount": whole(end)}
    if end is None:
        return _("%(amount)s and more") % {"amount": whole(low or Decimal(0))}
    return _("%(low)s to under %(high)s") % {"low": whole(low or Decimal(0)), "high": whole(end)}
