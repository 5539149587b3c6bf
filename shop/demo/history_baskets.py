"""What lies in a basket: sizes and values shaped as measured, goods by taste, season and pairing."""

import bisect
import random
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log
from typing import NamedTuple

from shop.demo.catalogue import Catalogue, Good, Variant
from shop.demo.history_calendar import calibration, quantile_draw
from shop.demo.history_truths import CARRIERS, PAIRS, STOCK_OUT

# The measured baskets are groceries. Ours hold fewer, dearer things: the quantiles keep their shape.
VALUE_SCALE = 1.45
ITEMS_SCALE = 0.36
MOST_LINES = 12
BAND = 0.5  # width of a price band, in natural logarithm
SAME_DEPARTMENT = 0.35  # how often the next good comes from the shelf next to the first
QUANTITIES = ((1, 2, 3, 4), (86, 10, 3, 1))
# Months in which a shelf sells many times over; in the others it nearly rests.
SEASONAL = {
    "mid-autumn": {8, 9, 10},
    "spring-festival": {1, 2},
    "winter": {11, 12},
    "water-snow": {11, 12, 1, 2, 6, 7},
}
IN_SEASON, OFF_SEASON = 5.0, 0.15
CAP, CARRIED = 5.0, 9.0  # bounds of popularity; an average good has about 2


class Line(NamedTuple):
    sku: str
    quantity: int


class _Rack:
    """Variants in price bands, each with its weights added up, ready for a quick draw."""

    def __init__(self, weighted: Sequence[tuple[Good, Variant, float]]) -> None:
        bands: dict[int, list[tuple[Good, Variant, float]]] = {}
        for row in weighted:
            bands.setdefault(_band(float(row[1].price)), []).append(row)
        self._rows = {
            band: [(good, variant) for good, variant, _ in rows] for band, rows in bands.items()
        }
        self._sums = {
            band: list(accumulate(weight for *_, weight in rows)) for band, rows in bands.items()
        }

        self._bands = list(self._sums)
        self._nearness: dict[int, list[float]] = {}

    def _near(self, wanted: int) -> list[float]:
        """Weights of the bands, added up, as seen from the band that is wanted."""
        if wanted not in self._nearness:
            self._nearness[wanted] = list(
                accumulate(
                    self._sums[band][-1] * exp(-1.4 * abs(band - wanted)) for band in self._bands
                )
            )
        return self._nearness[wanted]

    def draw(self, price: float, rng: random.Random) -> tuple[Good, Variant]:
        """Something that costs about ``price``: a band at or next to it, then by popularity."""
        near = self._near(_band(price))
        band = self._bands[bisect.bisect(near, rng.random() * near[-1])]
        sums = self._sums[band]
        return self._rows[band][bisect.bisect(sums, rng.random() * sums[-1])]


def _band(price: float) -> int:
    return round(log(max(price, 0.5)) / BAND)


class Baskets:
    """Fills baskets. Popularity is drawn once per good, so that some goods sell and most do not."""

    def __init__(self, catalogue: Catalogue, rng: random.Random) -> None:
        self._goods = {good.key: good for good in catalogue.goods}
        self._popularity = {good.key: _taste(good, rng) for good in catalogue.goods}
        self._catalogue = catalogue
        self._racks: dict[tuple[int, str], _Rack] = {}
        self._pairs = {pair.first: pair for pair in PAIRS if pair.first in self._goods}

    def _rack(self, month: int, department: str = "") -> _Rack:
        """Racks are built when first asked for: a month's, whole or of one department."""
        key = (month, department)
        if key not in self._racks:
            self._racks[key] = _Rack(
                [
                    (good, variant, weight / len(good.variants))
                    for good in self._catalogue.goods
                    if not department or good.department == department
                    for weight in [self._popularity[good.key] * _seasonal(good, month)]
                    for variant in good.variants
                ]
            )
        return self._racks[key]

    def filled(self, month: int, days_ago: float, rng: random.Random) -> tuple[Line, ...]:
        """A basket as bought in that month. Never empty, one line per SKU."""
        rates = calibration()
        value = quantile_draw(rates["basket_value"], rng) * VALUE_SCALE
        items = quantile_draw(rates["basket_items"], rng) * ITEMS_SCALE
        lines: dict[str, int] = {}
        first: Good | None = None
        for _ in range(max(1, min(MOST_LINES, round(items)))):
            price = value / max(1.0, min(MOST_LINES, items)) * rng.lognormvariate(0, 0.3)
            near = first is not None and rng.random() < SAME_DEPARTMENT
            rack = self._rack(month, first.department if near and first else "")
            good, variant = rack.draw(price, rng)
            if STOCK_OUT.is_out(good, days_ago):
                other = self._instead(good, month, price, rng)
                if other is None:
                    continue
                good, variant = other
            first = first or good
            lines[variant.sku] = lines.get(variant.sku, 0) + rng.choices(*QUANTITIES)[0]
            self._add_partner(good, lines, rng)
        if not lines:
            return self.filled(month, days_ago, rng)
        return tuple(Line(sku, quantity) for sku, quantity in lines.items())

    def _instead(
        self, good: Good, month: int, price: float, rng: random.Random
    ) -> tuple[Good, Variant] | None:
        """Something like what is out, or None when the shopper leaves without it."""
        if rng.random() > STOCK_OUT.substituted:
            return None
        for _ in range(8):
            other, variant = self._rack(month, good.department).draw(price, rng)
            if other.key not in STOCK_OUT.goods:
                return other, variant
        return None

    def _add_partner(self, good: Good, lines: dict[str, int], rng: random.Random) -> None:
        pair = self._pairs.get(good.key)
        if pair and pair.second in self._goods and rng.random() < pair.attach:
            variant = rng.choice(self._goods[pair.second].variants)
            lines.setdefault(variant.sku, 1)

    def cheap(self, rng: random.Random) -> tuple[Line, ...]:
        """One unit of something cheap, as programs take that try coupons."""
        _, variant = self._rack(5).draw(5.0, rng)
        return (Line(variant.sku, 1),)


def _taste(good: Good, rng: random.Random) -> float:
    """How much a good is liked: most a little, some a lot, none without end."""
    drawn = min(CAP, rng.paretovariate(1.6)) * (1.8 if good.featured else 1.0)
    return CARRIED if good.key in CARRIERS else drawn


def _seasonal(good: Good, month: int) -> float:
    months = SEASONAL.get(good.category)
    if months is None:
        return 1.0
    return IN_SEASON if month in months else OFF_SEASON
