"""The price history as a line of steps, drawn by the server."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.pricing.models import PriceRecord
from catalog.pricing.words import amount_shown, moment_shown

Words = Callable[[PriceRecord], tuple[str, str]]
WIDTH, HEIGHT, MARGIN = 100, 36, 3


@dataclass(frozen=True)
class HistoryRow:
    """One price that held, newest first in the page's table."""

    since: str
    now: str
    was: str
    source: str
    who: str


@dataclass(frozen=True)
class HistoryChart:
    """``points`` of the line in a box of 100 by 36; ``low`` and ``high`` are its edges in words."""

    points: str
    low: str
    high: str
    rows: list[HistoryRow]


def chart_made(
    records: Sequence[PriceRecord],
    *,
    begin: dt.datetime,
    end: dt.datetime,
    words: Words | None = None,
) -> HistoryChart | None:
    """A step for each of ``records``, oldest first, from ``begin`` to ``end``. None without any.

    Begins later where the goods are newer.

    ``words``: turns a record into (source, who) for the team; shoppers are not told.
    """
    if not records:
        return None
    begin = max(begin, records[0].moment)
    prices = [record.now for record in records]
    low, high = min(prices), max(prices)
    points = []
    for number, record in enumerate(records):
        last = number + 1 == len(records)
        until = end if last else records[number + 1].moment
        y = _height(record.now, low, high)
        points += [(_place(record.moment, begin, end), y), (_place(until, begin, end), y)]
    currency = records[-1].currency
    return HistoryChart(
        points=" ".join(f"{x:.2f},{y:.2f}" for x, y in points),
        low=amount_shown(low, currency),
        high=amount_shown(high, currency),
        rows=[_row(record, words) for record in reversed(records)],
    )


def _row(record: PriceRecord, words: Words | None) -> HistoryRow:
    source, who = words(record) if words else ("", "")
    return HistoryRow(
        since=moment_shown(record.moment),
        now=amount_shown(record.now, record.currency),
        was=amount_shown(record.base, record.currency) if record.now < record.base else "",
        source=source,
        who=who,
    )


def _place(moment: dt.datetime, begin: dt.datetime, end: dt.datetime) -> float:
    span = end - begin
    share = (moment - begin) / span if span else float(moment >= end)
    return WIDTH * min(max(share, 0.0), 1.0)


def _height(price: Decimal, low: Decimal, high: Decimal) -> float:
    if high == low:
        return HEIGHT / 2
    return HEIGHT - MARGIN - float((price - low) / (high - low)) * (HEIGHT - 2 * MARGIN)
