"""When more will come of what is sold out.

The catalogue shows the day and does not know it: `supply` registers who does.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Arrival:
    """The next delivery of a stock record: ``units`` on ``day``, which is today or later."""

    day: dt.date
    units: int


Announcer = Callable[[Collection[int]], dict[int, Arrival]]
_announcers: list[Announcer] = []


def announcer_register(announcer: Announcer) -> None:
    """The last one that registers is asked."""
    _announcers.append(announcer)


def arrivals_next(stock_record_ids: Collection[int]) -> dict[int, Arrival]:
    """By stock record id, only those that are expected. One query, none for nothing."""
    if not stock_record_ids or not _announcers:
        return {}
    return _announcers[-1](stock_record_ids)
