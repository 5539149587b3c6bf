"""Writing one row, with SQL that is put together once for each model.

``objects.create`` and ``save`` build their SQL anew each time, which takes longer than PostgreSQL needs
for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import Field, Model

from shop.core.planned import planned_run, quoted, untyped
from shop.core.writing import Writing, writing_of

M = TypeVar("M", bound=Model)


class NotInsertableError(ValueError):
    """The model is more than one plain table with a key that the database counts."""


def row_insert(row: M) -> M:
    """Write a new ``row`` and give it its key. No signals are sent, and its own ``save`` is not called."""
    model = row.__class__  # of what a lazy object stands for, too
    _insert(row, _plans.get((model, "")) or _plan(model))
    return row


def row_insert_once(row: Model, *, by: str) -> bool:
    """The same, unless there is one with its value of the unique column ``by`` already: False then.

    Of two who write it at once the second waits for the first, and no savepoint is needed for it.
    """
    return _insert(row, _plans.get((type(row), by)) or _plan(type(row), by))


def _insert(row: Model, plan: "_Plan") -> bool:
    made, _count = planned_run(plan.sql, plan.writing.values(row, add=True))
    if not made:
        return False
    row.pk = made[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def rows_insert(rows: Sequence[Model]) -> None:
    """Write new ``rows``, of several models, by one statement, and give them their keys.

    What refers to another of them comes too early: its key is not known yet. As `row_insert` otherwise.
    """
    groups: dict[type[Model], list[Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    if not groups:
        return
    models = tuple(groups)
    values = [
        column
        for model in models
        for column in _columns((_plans.get((model, "")) or _plan(model)).writing, groups[model])
    ]
    (keys,), _count = planned_run(_many.get(models) or _many_plan(models), values)
    for model, found in zip(models, keys, strict=True):
        for row, key in zip(groups[model], found, strict=True):
            row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


def row_update(row: Model, *names: str) -> None:
    """Write these fields of a ``row`` that is there, as ``save(update_fields=names)``; without any, all.

    No signals are sent, and its own ``save`` is not called. Raises ``DatabaseError`` if it is gone.
    """
    model = row.__class__
    plan = _updates.get((model, names)) or _update_plan(model, names)
    values = plan.writing.values(row, add=False)
    _rows, count = planned_run(plan.sql, [*values, untyped(row.pk)])
    if count != 1:
        raise DatabaseError(f"{model.__name__} {row.pk} is gone")


@dataclass(frozen=True)
class _Plan:
    sql: str
    writing: Writing


_plans: dict[tuple[type[Model], str], _Plan] = {}


def _plan(model: type[Model], by: str = "") -> _Plan:
    meta = model._meta
    key = meta.pk
    if meta.parents or not getattr(key, "db_returning", False) or key.remote_field:
        raise NotInsertableError(model.__name__)
    fields = [one for one in meta.local_concrete_fields if one is not key]
    if any(one.generated or one.has_db_default() for one in fields):
        raise NotInsertableError(model.__name__)
    name = connection.ops.quote_name
    columns = ", ".join(name(str(one.column)) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = (
        f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names of our own
        f"{f' ON CONFLICT ({name(by)}) DO NOTHING' if by else ''} RETURNING {name(str(key.column))}"
    )
    _plans[model, by] = _Plan(sql, writing_of(fields))
    return _plans[model, by]


_many: dict[tuple[type[Model], ...], str] = {}


def _many_plan(models: tuple[type[Model], ...]) -> str:
    """Keys are counted in the order of the rows, so sorted they are theirs again."""
    name = connection.ops.quote_name
    parts = []
    for place, model in enumerate(models):
        fields = _plan(model).writing.fields
        columns = ", ".join(name(str(one.column)) for one in fields)
        lists = ", ".join(f"%s::{_type_of(one)}[]" for one in fields)
        parts.append(
            f"w{place} AS (INSERT INTO {name(model._meta.db_table)} ({columns})"  # noqa: S608  our names
            f" SELECT {columns} FROM unnest({lists}) WITH ORDINALITY AS r ({columns}, place_)"
            f" ORDER BY place_ RETURNING {name(str(model._meta.pk.column))} AS key_)"
        )
    keys = [f"(SELECT array_agg(key_ ORDER BY key_) FROM w{n})" for n in range(len(models))]  # noqa: S608
    _many[models] = f"WITH {', '.join(parts)} SELECT {', '.join(keys)}"
    return _many[models]


def _type_of(field: "Field[Any, Any]") -> str:
    """Without its length: a cast to that would cut what the column itself refuses."""
    return re.sub(r"\(.*?\)", "", str(field.db_type(connection)))


def _columns(writing: Writing, rows: Sequence[Model]) -> list[str]:
    """The values of ``rows`` by column, each as PostgreSQL reads a list from a file."""
    by_row = [
        [
            "NULL" if one is None else one if is_bare else quoted(str(one))
            for one, is_bare in zip(writing.values(row, add=True), writing.are_bare, strict=True)
        ]
        for row in rows
    ]
    return [f"{{{','.join(column)}}}" for column in zip(*by_row, strict=True)]


_updates: dict[tuple[type[Model], tuple[str, ...]], _Plan] = {}


def _update_plan(model: type[Model], names: tuple[str, ...]) -> _Plan:
    meta = model._meta
    if meta.parents:
        raise NotInsertableError(model.__name__)
    every = [one for one in meta.local_concrete_fields if one is not meta.pk]
    fields = [meta.get_field(name) for name in names] or every
    name = connection.ops.quote_name
    changes = ", ".join(f"{name(str(one.column))} = %s" for one in fields)  # type: ignore[union-attr]
    sql = (
        f"UPDATE {name(meta.db_table)} SET {changes}"  # noqa: S608  names of our own
        f" WHERE {name(str(meta.pk.column))} = %s"
    )
    _updates[model, names] = _Plan(sql, writing_of(fields))  # type: ignore[arg-type]
    return _updates[model, names]
