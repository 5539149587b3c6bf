"""The values of a row as PostgreSQL reads them, by few calls.

A field of Django's prepares each value by half a dozen methods, which for nearly all of them give back the
value that they got. Of the plain kinds of fields that is known beforehand by the class of the value.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Field, ForeignKey, Model

from shop.core.planned import untyped

#: What a kind of field writes as it stands, as text; whatever else it is given, the field itself prepares.
KINDS: tuple[tuple[type["Field[Any, Any]"], type], ...] = (
    (models.CharField, str),
    (models.TextField, str),
    (models.AutoField, int),  # what a foreign key refers to
    (models.IntegerField, int),
    (models.DecimalField, Decimal),
    (models.BooleanField, bool),
    (models.DateTimeField, dt.datetime),
    (models.DateField, dt.date),
    (models.UUIDField, UUID),
)
METHODS = ("pre_save", "get_db_prep_save", "get_db_prep_value", "get_prep_value", "to_python")
BARE = (int, Decimal, bool, UUID, dt.datetime, dt.date)  # in a list they need no marks around them


@dataclass(frozen=True)
class Writing:
    """The columns of a model that a statement writes. ``kinds``: see `KINDS`; None: the field prepares it."""

    fields: tuple["Field[Any, Any]", ...]
    kinds: tuple[type | None, ...]
    timed: tuple["Field[Any, Any]", ...]  # set themselves as they are written
    are_bare: tuple[bool, ...]
    read: Callable[[Any], tuple[Any, ...]]  # of a row, all of them

    def values(self, row: Model, *, add: bool) -> list[Any]:
        """Those of ``row``, as `shop.core.planned.untyped` gives them."""
        for field in self.timed:
            field.pre_save(row, add)
        return [
            str(value)
            if (value.__class__ is kind or (kind is Decimal and value.__class__ is int))
            and (value.__class__ is not Decimal or value.is_finite())
            and (kind is not dt.datetime or value.tzinfo)  # type: ignore[attr-defined]
            else None
            if value is None and kind
            else _prepared(field, row, add)
            for value, kind, field in zip(self.read(row), self.kinds, self.fields, strict=True)
        ]


def writing_of(fields: Sequence["Field[Any, Any]"]) -> Writing:
    """How a row of these fields is written."""
    kinds = tuple(_kind(one) for one in fields)
    names = [one.attname for one in fields]
    both = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    return Writing(
        fields=tuple(fields),
        kinds=kinds,
        timed=tuple(one for one in fields if _is_timed(one)),
        are_bare=tuple(kind in BARE for kind in kinds),
        read=both,
    )


def _prepared(field: "Field[Any, Any]", row: Model, add: bool) -> Any:
    own = connections[DEFAULT_DB_ALIAS]
    return untyped(field.get_db_prep_save(field.pre_save(row, add), own))


def _is_timed(field: "Field[Any, Any]") -> bool:
    return isinstance(field, models.DateField) and (field.auto_now or field.auto_now_add)


def _kind(field: "Field[Any, Any]") -> type | None:
    """None for one that does something of its own with a value, and for every kind not listed."""
    if isinstance(field, ForeignKey):
        is_plain = _is_same(field, ForeignKey, METHODS[:2])
        return _kind(field.target_field) if is_plain else None
    for kind, value in KINDS:
        if isinstance(field, kind) and _is_same(field, kind, METHODS):
            return value
    return None


def _is_same(field: Any, kind: Any, names: Sequence[str]) -> bool:
    return all(getattr(type(field), name) is getattr(kind, name) for name in names)
