"""What whole lists answered lately, so that a long list costs no more than a short one.

A list that nothing narrows is one pass over all its rows: 8,000 of them take tens of milliseconds. Its
answer is the same for everybody until a row of any list changes, and so is kept until then, or until
the first of its offers ends, or for a minute. Lists that are narrowed and searches are always read.
Without Redis every list is.
"""

import hashlib
import secrets
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

Rows = list[tuple[str, int | None, int, int]]  # kind, value, only_missed, number

VERSION = "listing.version"


def rows_read(sql: str, params: Sequence[Any]) -> Rows:
    """What the statement of `catalog.listing.statement` answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def rows_kept(sql: str, params: Sequence[Any]) -> Rows:
    """The same, from what was kept where nothing has changed since."""
    seconds = settings.STORE_LISTS_KEPT_SECONDS
    if not seconds:
        return rows_read(sql, params)
    digest = hashlib.md5(repr((sql, params)).encode(), usedforsecurity=False).hexdigest()
    key = f"listing.rows.{digest}"
    found = cache.get_many([VERSION, key])
    version = found.get(VERSION) or _version_new()
    known, rows = found.get(key, ("", []))
    if version and known == version:
        return rows
    rows = rows_read(sql, params)  # the version is older than what is read here, never younger
    if version and (left := min(seconds, _seconds_until_end(rows))) > 0:
        cache.set(key, (version, rows), left)
    return rows


def lists_forget() -> None:
    """Read every list anew once the transaction is committed; at once where there is none."""
    transaction.on_commit(partial(cache.delete, VERSION))


def _version_new() -> str | None:
    """A name that no earlier answer has. None while the cache is away."""
    cache.add(VERSION, secrets.token_hex(8), timeout=None)
    return cache.get(VERSION)


def _seconds_until_end(rows: Rows) -> float:
    """Until the first offer in the list ends by the clock."""
    ends = [value for kind, value, _missed, _number in rows if kind == "ends" and value]
    return min(ends) - time.time() if ends else float("inf")
