"""Reading the trail. Every question begins with an index, however many entries there are."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from shop.core.audit.models import Entry
from shop.core.audit.watching import subject_of
from shop.core.days import day_end, day_start

# Keys are given a little before the moment is; so much may be out of order.
SLACK = 2000
# The labels that occur, one look into the index for each instead of reading all entries.
LABELS = """
WITH RECURSIVE found AS (
    (SELECT label FROM audit_entry ORDER BY label LIMIT 1)
    UNION ALL
    SELECT (SELECT label FROM audit_entry WHERE label > found.label ORDER BY label LIMIT 1)
    FROM found WHERE found.label IS NOT NULL
) SELECT label FROM found WHERE label IS NOT NULL AND label <> ''
"""


@dataclass(frozen=True)
class Slice:
    """Some entries, the latest first, and the keys from which newer and older ones are asked."""

    entries: list[Entry]
    newer: int | None
    older: int | None


def entries_find(
    *,
    actor: int | None = None,
    label: str = "",
    action: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    subjects: Iterable[str] | None = None,
) -> QuerySet[Entry]:
    """What all of it is true of, the latest first. ``actor`` 0: nobody was signed in."""
    rows = Entry.objects.order_by("-id")
    if actor is not None:
        rows = rows.filter(actor=actor) if actor else rows.filter(actor__isnull=True)
    if label:
        rows = rows.filter(label=label)
    if action:
        rows = rows.filter(action=action)
    if subjects is not None:
        rows = rows.filter(_noted_of(list(subjects)))
    if since:
        moment = day_start(since)
        first = Entry.objects.filter(at__gte=moment).order_by("at").values_list("id", flat=True)
        rows = rows.filter(at__gte=moment, id__gte=(first[:1].first() or 2**62) - SLACK)
    if until:
        moment = day_end(until)
        last = Entry.objects.filter(at__lt=moment).order_by("-at").values_list("id", flat=True)
        rows = rows.filter(at__lt=moment, id__lte=(last[:1].first() or 0) + SLACK)
    return rows


def _noted_of(subjects: list[str]) -> Q:
    """What belongs to them. What is noted under another thing, as a wallet under its owner, has at
    least its own entries."""
    found = Q(subject__in=subjects)
    elsewhere: dict[str, list[str]] = {}
    for label, _colon, key in (one.partition(":") for one in subjects):
        if _is_noted_elsewhere(label):
            elsewhere.setdefault(label, []).append(key)
    for label, keys in elsewhere.items():
        found |= Q(label=label, object_key__in=keys)
    return found


def _is_noted_elsewhere(label: str) -> bool:
    """``label`` may be what somebody typed."""
    try:
        return subject_of(apps.get_model(label))[0] != label
    except (LookupError, ValueError):
        return False


def entries_slice(
    rows: QuerySet[Entry], *, before: int | None = None, after: int | None = None, size: int
) -> Slice:
    """``size`` entries older than the key ``before`` or newer than ``after``; one query."""
    if after is not None:
        found = list(rows.filter(id__gt=after).order_by("id")[: size + 1])
        has_more, entries = len(found) > size, found[:size][::-1]
        older = entries[-1].id if entries else None
        return Slice(entries, entries[0].id if entries and has_more else None, older)
    found = list(rows.filter(id__lt=before)[: size + 1] if before else rows[: size + 1])
    entries = found[:size]
    newer = entries[0].id if entries and before else None
    return Slice(entries, newer, entries[-1].id if len(found) > size else None)


def labels_noted() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(LABELS)
        return [label for (label,) in cursor.fetchall()]


def entries_in_portions(rows: QuerySet[Entry], *, size: int, most: int) -> Iterator[Entry]:
    """Up to ``most`` entries, read by key in portions, so that no statement runs long."""
    before, left = None, most
    while left > 0:
        part = entries_slice(rows, before=before, size=min(size, left))
        yield from part.entries
        left -= len(part.entries)
        if part.older is None:
            return
        before = part.older
