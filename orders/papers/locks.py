"""The only place that locks a series of numbers; last of all, after order and payment."""

from orders.papers.models import Series


def series_lock(*, kind: str, year: int) -> Series:
    """Lock the numbers of a kind and year, begun if need be, and return the fresh row."""
    rows = Series.objects.select_for_update(of=("self",)).filter(kind=kind, year=year)
    series = rows.first()
    if series is None:  # the first paper of its kind this year
        Series.objects.get_or_create(kind=kind, year=year)
        series = rows.get()
    return series
