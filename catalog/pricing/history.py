"""Reading the price history: what was lowest, and since when a price is reduced."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from catalog.pricing.models import PriceRecord
from shop.core.planned import planned_rows

DAYS = 30  # Directive 98/6/EC, article 6a: the lowest price of the 30 days before the reduction
PRIOR = dt.timedelta(days=DAYS)
NEWEST = 200  # rows of one record that are looked at

READ = """
SELECT wanted.id, kept.moment, kept.base, kept.now
FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
    SELECT moment, base, now, id FROM pricing_pricerecord
    WHERE stock_record_id = wanted.id AND moment <= %s
    ORDER BY moment DESC, id DESC LIMIT %s
) kept
ORDER BY wanted.id, kept.moment DESC, kept.id DESC
"""


class Known(NamedTuple):
    """One row of the history, newest first in every sequence here."""

    moment: dt.datetime
    base: Decimal
    now: Decimal


@dataclass(frozen=True)
class Past:
    """What the history says of one record.

    ``lowest_before``: the lowest price of the 30 days before the present reduction began (before
    now, where none has begun); None for goods that were never sold without it. ``lowest`` and
    ``highest`` are those of the last 30 days, the present price included.
    """

    lowest_before: Decimal | None
    lowest: Decimal
    highest: Decimal


def pasts_read(record_ids: Iterable[int], *, moment: dt.datetime) -> dict[int, Past]:
    """By stock record id; without those that have no history. One query."""
    ids = list(record_ids)
    if not ids:
        return {}
    by_record: dict[int, list[Known]] = defaultdict(list)
    for record_id, *known in planned_rows(READ, [ids, moment, NEWEST]):
        by_record[record_id].append(Known(*known))
    return {pk: past_of(known, moment=moment) for pk, known in by_record.items()}


def past_of(known: Sequence[Known], *, moment: dt.datetime) -> Past:
    """``known`` newest first and not empty."""
    since = moment
    for row in known:
        if row.now >= row.base:
            break
        since = row.moment
    before = [row.now for row in in_force(known, after=since - PRIOR, until=since)]
    recent = [row.now for row in in_force(known, after=moment - PRIOR, until=moment)]
    recent = recent or [known[0].now]
    return Past(lowest_before=min(before, default=None), lowest=min(recent), highest=max(recent))


def in_force(known: Sequence[Known], *, after: dt.datetime, until: dt.datetime) -> list[Known]:
    """The rows that held at some time from ``after`` to ``until``, itself left out."""
    found = []
    for row in known:
        if row.moment >= until:
            continue
        found.append(row)
        if row.moment <= after:
            break
    return found


def history_read(
    record_id: int, *, days: int = DAYS, moment: dt.datetime | None = None
) -> list[PriceRecord]:
    """What held in the last ``days``, oldest first; begins with the row in force then. Two queries."""
    moment = moment or timezone.now()
    begin = moment - dt.timedelta(days=days)
    rows = PriceRecord.objects.filter(stock_record=record_id)
    newer = list(rows.filter(moment__gt=begin, moment__lte=moment).order_by("moment", "pk"))
    first = rows.filter(moment__lte=begin).order_by("-moment", "-pk").first()
    return [first, *newer] if first else newer
