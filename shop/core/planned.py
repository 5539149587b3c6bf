"""Statements that PostgreSQL parses and plans once for each connection.

Django writes values into the text of a statement, so PostgreSQL reads and plans each one anew, which
takes longer than running most of them. Here values travel beside it. They are handed over as text
without a type, so PostgreSQL takes that of the column, and one plan serves small and large numbers.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor

from shop.core.plans import Plans

PLAIN = (int, Decimal, dt.date, dt.time, UUID)
SHOWN = frozenset({*PLAIN, dt.datetime})  # themselves, and nothing that is made of them
TEXT = frozenset({str})
KEPT = "_storekeep_plans"  # where a connection has them


class _Cursor(Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> Any:
        done = super().execute(query, params, prepare=False)
        if connection.queries_logged:  # Django reads there what it shows
            self._query = SimpleNamespace(query=as_text(query, params).encode())  # type: ignore[assignment]
        return done


def _seen_cursor() -> CursorWrapper:
    """Django's cursor, which counts in tests and logs, around one that takes values beside the text.

    Where statements are rewritten on their way (`shop.core.audit.acting` puts who acts in front of them) it is
    Django's own.
    """
    own = connections[DEFAULT_DB_ALIAS]  # looked up once, not for each of its attributes
    if own.execute_wrappers:
        return own.cursor()
    own.close_if_health_check_failed()
    own.ensure_connection()
    with own.wrap_database_errors:
        return own._prepare_cursor(_Cursor(own.connection))  # type: ignore[attr-defined]


def as_text(sql: str, params: Sequence[Any]) -> str:
    """The statement with its values written into it."""
    text: str = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
    return text


def untyped(value: Any) -> Any:
    """A value as PostgreSQL reads it from a file: its type is that of the column. JSON stays as it is."""
    kind = value.__class__  # nearly all are of the usual ones, and an order has hundreds
    if kind is str or value is None:
        return value
    if kind in SHOWN:
        return str(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, PLAIN):
        return str(value)
    if isinstance(value, list):
        return f"{{{_items(value)}}}"
    return value


def _items(values: list[Any]) -> str:
    """What stands in a list."""
    kinds = {one.__class__ for one in values}
    if kinds <= SHOWN:
        return ",".join(map(str, values))
    if kinds == TEXT:
        text = '","'.join(values)
        if "\\" not in text and text.count('"') == 2 * (len(values) - 1):
            return f'"{text}"'
    return ",".join(map(_item, values))


def _item(value: Any) -> str:
    """As it stands in a list; words that mean something there, and marks, only in quotes."""
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    """A text in a list."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def planned_rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one and read what it gives. ``params``: numbers, texts, moments, lists of numbers or texts."""
    return planned_run(sql, [untyped(one) for one in params])[0]


def planned_run(sql: str, values: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    """What one gives, and how many rows it was about. ``values``: as `untyped` gives them.

    Only for statements that are the same text each time; without ``prepare_threshold`` in the options of the
    database no plan is kept, and all the rest is the same. What Django's cursor does for each is done by hand.
    """
    own: Any = connections[DEFAULT_DB_ALIAS]
    if own.execute_wrappers or own.queries_logged:
        with _seen_cursor() as cursor:
            cursor.execute(sql, values)
            return _read(cursor)
    # Each of these is asked only where it would do something.
    if own.health_check_enabled and not own.health_check_done:
        own.close_if_health_check_failed()
    if own.connection is None:
        own.ensure_connection()
    if own.needs_rollback:
        own.validate_no_broken_transaction()
    raw = own.connection
    with own.wrap_database_errors:
        plans = getattr(raw, KEPT, None)
        if plans is None:
            plans = Plans(raw)
            setattr(raw, KEPT, plans)
        return plans.run(sql, values)


@contextmanager
def planned_each_time() -> Iterator[None]:
    """For filling tables: a plan of an empty one, a check of a foreign key's too, reads all of it each time."""
    usual = _plan_mode("force_custom_plan")
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a transaction that failed takes it back itself
            _plan_mode(usual)


def _plan_mode(wanted: str) -> str:
    """Set it; what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plan_cache_mode')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('plan_cache_mode', %s, false)", [wanted])
    return str(before)


def _read(cursor: Any) -> tuple[list[tuple[Any, ...]], int]:
    result = cursor.pgresult  # ``description`` makes an object of each column before it answers
    return cursor.fetchall() if result is not None and result.nfields else [], cursor.rowcount
