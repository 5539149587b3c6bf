"""The only place that locks a series of numbers; last of all, after order and payment."""

import datetime as dt

from django.db import DEFAULT_DB_ALIAS

from orders.papers.models import Series
from shop.core.planned import planned_rows
from shop.core.prepared import SMALL, TEXT, Prepared


def series_lock(*, kind: str, year: int) -> Series:
    """Lock the numbers of a kind and year, begun if need be, and return the fresh row."""
    found = _series.read(kind=kind, year=year)
    if not found:  # the first paper of its kind this year
        Series.objects.get_or_create(kind=kind, year=year)
        found = _series.read(kind=kind, year=year)
    return found[0]


def series_next(*, kind: str, year: int, moment: dt.datetime) -> Series:
    """The same for one paper of this ``moment``, with its number taken: ``last``, and when. One statement."""
    rows = planned_rows(NEXT_SQL, [moment, kind, year])
    if not rows:
        series_lock(kind=kind, year=year)
        rows = planned_rows(NEXT_SQL, [moment, kind, year])
    return Series.from_db(DEFAULT_DB_ALIAS, COLUMNS, rows[0])


COLUMNS = [one.attname for one in Series._meta.local_concrete_fields]
# Clocks of several machines differ; later numbers never bear earlier dates.
NEXT_SQL = f"""
UPDATE papers_series SET last = last + 1, last_at = greatest(last_at, %s)
WHERE kind = %s AND year = %s RETURNING {", ".join(COLUMNS)}
"""  # noqa: S608  names of our own
_series: Prepared[Series] = Prepared(
    lambda kind, year: Series.objects.select_for_update(of=("self",)).filter(kind=kind, year=year),
    kind=TEXT,
    year=SMALL,
)
