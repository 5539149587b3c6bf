"""The only place that locks a series of numbers; last of all, after order and payment."""

from orders.papers.models import Series
from shop.core.prepared import SMALL, TEXT, Prepared


def series_lock(*, kind: str, year: int) -> Series:
    """Lock the numbers of a kind and year, begun if need be, and return the fresh row."""
    found = _series.read(kind=kind, year=year)
    if not found:  # the first paper of its kind this year
        Series.objects.get_or_create(kind=kind, year=year)
        found = _series.read(kind=kind, year=year)
    return found[0]


_series: Prepared[Series] = Prepared(
    lambda kind, year: Series.objects.select_for_update(of=("self",)).filter(kind=kind, year=year),
    kind=TEXT,
    year=SMALL,
)
