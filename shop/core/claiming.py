"""Taking due rows of a queue, so that no two workers have the same one.

For tables whose rows count their ``attempts``, are due at ``due_at`` and may be parked. What was taken
comes back by itself if its worker dies.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.utils import timezone

from shop.core.planned import planned_rows, planned_run, untyped

M = TypeVar("M", bound=Model)


def row_claim(model: type[M], *, done: str, keep: dt.timedelta) -> M | None:
    """The row of ``model`` that is due first, as `rows_claim`; None: nothing is due."""
    return next(iter(rows_claim(model, done=done, keep=keep, most=1)), None)


def rows_claim(model: type[M], *, done: str, keep: dt.timedelta, most: int) -> list[M]:
    """The rows of ``model`` that are due first, by key, with this attempt counted; at most so many.

    Nobody else has them for ``keep``. ``done``: the column that is filled when a row is worked off. One
    statement, and no lock is held after it.
    """
    names, sql = _claim(model, done)
    now = timezone.now()
    rows = planned_rows(sql, [now, most, now + keep])
    found = [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]
    return sorted(found, key=lambda row: row.pk)


def rows_give_back(rows: Sequence[Model]) -> None:
    """What was claimed and not begun is due again at once, and the attempt was none."""
    if rows:
        table = connection.ops.quote_name(rows[0]._meta.db_table)
        sql = f"UPDATE {table} SET attempts = attempts - 1, due_at = %s WHERE id = ANY (%s)"  # noqa: S608  our own
        planned_run(sql, [untyped(str(timezone.now())), untyped([row.pk for row in rows])])


@cache
def _claim(model: type[Model], done: str) -> tuple[Sequence[str], str]:
    fields = model._meta.local_concrete_fields
    name = connection.ops.quote_name
    table = name(model._meta.db_table)
    columns = ", ".join(f"row.{name(str(one.column))}" for one in fields)
    sql = f"""
        WITH due AS MATERIALIZED (
            SELECT id FROM {table}
            WHERE {name(done)} IS NULL AND parked_at IS NULL AND due_at <= %s
            ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
        )
        UPDATE {table} AS row SET attempts = attempts + 1, due_at = %s
        FROM due WHERE row.id = due.id RETURNING {columns}
    """  # noqa: S608  names of our own
    return [one.attname for one in fields], sql
