"""Writing one new row, with SQL that is put together once for each model.

``objects.create`` builds its ``INSERT`` anew each time, which takes longer than PostgreSQL needs for it.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

from shop.core.planned import planned_cursor, untyped

M = TypeVar("M", bound=Model)


class NotInsertableError(ValueError):
    """The model is more than one plain table with a key that the database counts."""


def row_insert(row: M) -> M:
    """Write a new ``row`` and give it its key. No signals are sent, and its own ``save`` is not called."""
    plan = _plans.get(type(row)) or _plan(type(row))
    own = connections[DEFAULT_DB_ALIAS]
    values = [
        untyped(field.get_db_prep_save(field.pre_save(row, add=True), own)) for field in plan.fields
    ]
    with planned_cursor() as cursor:
        cursor.execute(plan.sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@dataclass(frozen=True)
class _Plan:
    sql: str
    fields: tuple["Field[Any, Any]", ...]


_plans: dict[type[Model], _Plan] = {}


def _plan(model: type[Model]) -> _Plan:
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
        f" RETURNING {name(str(key.column))}"
    )
    _plans[model] = _Plan(sql, tuple(fields))
    return _plans[model]
