"""When people buy: season, weekday and hour as measured, and the warped time in which buyers live."""

import bisect
import datetime as dt
import json
import random
from functools import lru_cache
from itertools import accumulate
from typing import Any

from shop.demo.catalogue import DATA

# Demand by month against the average month: gifts before the year's end, quiet holidays.
SEASON = (0.88, 0.92, 0.94, 0.96, 1.0, 0.94, 0.86, 0.88, 1.04, 1.06, 1.2, 1.32)
GROWTH = 1.9  # new buyers per day at the end, against the beginning
# The measured hours are five ahead of the clock on the shops' walls (the night's low lies at 8).
HOURS_AHEAD = 5
# Hours from UTC in winter; a demo need not know summer time.
UTC_OFFSET = {"CN": 8, "JP": 9, "DE": 1, "FR": 1, "GB": 0, "US": -6}


@lru_cache(maxsize=1)
def calibration() -> dict[str, Any]:
    """Rates measured in real shops; ``source`` names them."""
    return json.loads((DATA / "calibration.json").read_text("utf-8"))


class Calendar:
    """The days of the history. ``warped`` time runs faster on days when people buy more.

    One unit of warped time is an average day. Buyers draw their gaps in it, so season and weekday
    shape first and repeat orders alike.
    """

    def __init__(self, *, today: dt.datetime, days: int) -> None:
        self.today = today
        self.days = days
        first = today.date() - dt.timedelta(days=days - 1)  # today is the last, as far as it goes
        self.dates = [first + dt.timedelta(days=i) for i in range(days)]
        share = calibration()["weekday_share"]
        weights = [SEASON[day.month - 1] * share[day.weekday()] * 7 for day in self.dates]
        mean = sum(weights) / days
        self._ends = list(accumulate(weight / mean for weight in weights))
        joins = [weight * (1 + (GROWTH - 1) * place / days) for place, weight in enumerate(weights)]
        self._joins = list(accumulate(joins))

    @property
    def end(self) -> float:
        """The warped time of today."""
        return self._ends[-1]

    def join_time(self, rng: random.Random) -> float:
        """The warped time at which a buyer comes for the first time: more of them as the shop grows."""
        day = bisect.bisect(self._joins, rng.random() * self._joins[-1])
        day = min(day, self.days - 1)
        begin = self._ends[day - 1] if day else 0.0
        return begin + rng.random() * (self._ends[day] - begin)

    def day_of(self, warped: float) -> dt.date:
        return self.dates[min(bisect.bisect(self._ends, warped), self.days - 1)]

    def moment(self, day: dt.date, country: str, rng: random.Random) -> dt.datetime:
        """A time on that day at which somebody in that country is awake and shopping, in UTC."""
        shares = calibration()["hour_share"]
        hour = (rng.choices(range(24), shares)[0] - HOURS_AHEAD) % 24
        local = dt.datetime(
            day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=dt.UTC
        )
        return local - dt.timedelta(hours=UTC_OFFSET[country])

    def days_ago(self, moment: dt.datetime) -> float:
        return (self.today - moment) / dt.timedelta(days=1)


def quantile_draw(quantiles: dict[str, float], rng: random.Random) -> float:
    """A draw from measured quantiles, geometric between them and bounded at the ends."""
    points = sorted((float(at), float(value)) for at, value in quantiles.items())
    lowest, highest = points[0][1] / 3, points[-1][1] * 1.25
    curve = [(0.0, lowest), *points, (1.0, highest)]
    at = rng.random()
    place = bisect.bisect([point for point, _ in curve], at) - 1
    (left, low), (right, high) = curve[place], curve[place + 1]
    return low * (high / low) ** ((at - left) / (right - left))
