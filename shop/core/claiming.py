"""Taking one due row of a queue, so that no two workers have the same one.

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

from shop.core.planned import planned_rows

M = TypeVar("M", bound=Model)


def row_claim(model: type[M], *, done: str, keep: dt.timedelta) -> M | None:
    """The row of ``model`` that is due first, with this attempt counted; None: nothing is due.

    Nobody else has it for ``keep``. ``done``: the column that is filled when a row is worked off. One
    statement, and no lock is held after it.
    """
    names, sql = _claim(model, done)
    now = timezone.now()
    for row in planned_rows(sql, [now + keep, now]):
        return model.from_db(DEFAULT_DB_ALIAS, names, row)
    return None


@cache
def _claim(model: type[Model], done: str) -> tuple[Sequence[str], str]:
    fields = model._meta.local_concrete_fields
    name = connection.ops.quote_name
    table, columns = name(model._meta.db_table), ", ".join(name(str(one.column)) for one in fields)
    sql = f"""
        UPDATE {table} SET attempts = attempts + 1, due_at = %s WHERE id = (
            SELECT id FROM {table}
            WHERE {name(done)} IS NULL AND parked_at IS NULL AND due_at <= %s
            ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) RETURNING {columns}
    """  # noqa: S608  names of our own
    return [one.attname for one in fields], sql
