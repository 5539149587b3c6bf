"""The tabs of the views that people keep, each with how many orders it shows.

Such a view may be anything, so its count is bounded thrice: it ends at ``MOST_COUNTED``, is kept for
``KEPT_SECONDS``, and all of a page together may take ``BUDGET_MS``. What is not known by then has no
number this time.
"""

import hashlib
import time
from typing import Any

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.http import QueryDict

from orders.desk.models import DeskView
from orders.desk.selectors import desk_views
from orders.desk.words import words_among, words_ids
from shop.core.levels import sees
from shop.dashboard.orders import listing, paging
from shop.dashboard.selectors import MOST_COUNTED, count_shown

KEPT_SECONDS = 60
BUDGET_MS = 100
MOST = 5000  # orders that have a word; the budget ends what takes longer
UNKNOWN = -1


def kept_tabs(user: Any, asked: listing.Asked) -> list[dict]:
    """The views that ``user`` kept and those that colleagues share."""
    views = desk_views(user=user)
    counts = _counts([view.query for view in views])
    return [
        {
            "name": one.name,
            "url": f"{asked.path}?{one.query}&kept={one.pk}",
            "count": counts.get(one.query, ""),
            "is_current": one.pk == asked.kept_id,
            "view": one,
            "is_mine": one.owner_id == user.pk,
        }
        for one in views
    ]


def kept_open(tabs: list[dict]) -> DeskView | None:
    """The kept view that is open, if it is one's own."""
    return next((tab["view"] for tab in tabs if tab["is_current"] and tab["is_mine"]), None)


def _counts(queries: list[str]) -> dict[str, str]:
    """As they are shown, by query, as far as they are known."""
    names = {_name(query): query for query in queries}
    known: dict[str, int] = cache.get_many(names) if names else {}
    until = time.monotonic() + BUDGET_MS / 1000
    for name, query in names.items():
        left_ms = int(1000 * (until - time.monotonic()))
        if name not in known and left_ms > 0:
            known[name] = _count_within(query, left_ms)
            cache.set(name, known[name], KEPT_SECONDS)
    return {names[name]: count_shown(found) for name, found in known.items() if found != UNKNOWN}


def _name(query: str) -> str:
    """Who reads no personal data finds less by the same words."""
    digest = hashlib.sha256(query.encode()).hexdigest()[:32]
    return f"desk.kept.{int(sees('email'))}.{digest}"


def _count_within(query: str, most_ms: int) -> int:
    """``UNKNOWN`` where it takes longer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            usual = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{most_ms}ms"])
            found = _count(listing.asked_of(QueryDict(query)))
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [usual])
    except OperationalError:
        return UNKNOWN
    return found


def _count(asked: listing.Asked) -> int:
    """How many orders it shows, at most ``MOST_COUNTED``."""
    rows, wanted = listing.rows_of(asked)
    ids = list(rows.values_list("pk", flat=True)[:MOST_COUNTED])
    if not wanted:
        return len(ids)
    if len(ids) < MOST_COUNTED:
        return len(words_among(wanted, ids))
    having = words_ids(wanted, most=MOST)
    return UNKNOWN if having is None else paging.among(rows, having)[:MOST_COUNTED].count()
