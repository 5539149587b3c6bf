"""Local days as moments; days that nobody can mean are taken for the nearest that somebody can."""

import datetime as dt

from django.utils import timezone

FIRST, LAST = dt.date(1970, 1, 1), dt.date(9000, 1, 1)


def day_start(day: dt.date) -> dt.datetime:
    """The first moment of a local day."""
    day = min(max(day, FIRST), LAST)
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def day_end(day: dt.date) -> dt.datetime:
    """The first moment after a local day."""
    return day_start(min(day, LAST) + dt.timedelta(days=1))
