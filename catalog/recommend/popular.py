"""What sells now: every order counts, and half as much each week that it lies back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from catalog.recommend.history import Purchase

HALF_LIFE = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=56)  # an order of eight weeks ago counts for 1/256


def popularity(
    purchases: Iterable[Purchase], *, now: dt.datetime, half_life: dt.timedelta = HALF_LIFE
) -> dict[int, float]:
    """By family: orders, decayed. One order counts once, however many units it holds."""
    found: dict[int, float] = defaultdict(float)
    for purchase in purchases:
        age = max(now - purchase.at, dt.timedelta(0))
        if age <= LONGEST * (half_life / HALF_LIFE):
            worth = 0.5 ** (age / half_life)
            for family in purchase.families:
                found[family] += worth
    return dict(found)
