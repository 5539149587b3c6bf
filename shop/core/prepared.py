"""Queries of Django's that are put together once.

Building a query set and writing its SQL costs several times what running it does, and it comes out the
same for every page but for the values. `Prepared` has it built once for each language (names of translated
columns differ) and then runs the SQL with other values, for the same rows. PostgreSQL plans it once for each
connection (`shop.core.planned`):

    faces = Prepared(lambda ids: Product.objects.filter(pk__in=ids), ids=INTEGERS)
    faces.read(ids=[3, 4])  # [<Product>, <Product>]
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.utils.translation import get_language

from shop.core.planned import as_text, planned_run, untyped

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)

INTEGER, INTEGERS, MOMENT, TEXT, TEXTS = "integer", "integers", "moment", "text", "texts"
KEY = "key"
SMALL = "small"  # of a column that cannot hold a large number
LISTS = (INTEGERS, TEXTS)
FIRST_INTEGER = 1_987_654_321  # stands for a value while the query is written; no key is so large
FIRST_SMALL = 31_987
FIRST_TEXT = "\N{SNOWMAN} stands for a value"
FIRST_KEY = UUID(int=0x1987_6543_2100_0000_0000_0000_0000_0000)
FIRST_MOMENT = dt.datetime(1987, 6, 5, 4, 3, 2, 1, tzinfo=dt.UTC)


class NotPreparableError(ValueError):
    """The query does more with a value than to hand it to the database."""


class Prepared(Generic[Row]):
    """``build`` takes the values by name and gives a query set; ``kinds`` says what each value is.

    Rows are model instances, or tuples for ``values_list`` of columns; not of a model with translated
    columns, whose managers reckon with what they read. No prefetches.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **kinds: str) -> None:
        self.build, self.kinds = build, kinds
        self._made: dict[str, _Made] = {}

    def read(self, **values: Any) -> list[Row]:
        """One query. ``values``: all of them, by name."""
        made = self._now()
        return [made.finish(row) for row in made.rows(values)]

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The same query, its plain columns: who knows them already need not have them made into rows."""
        return self._now().rows(values)

    def made_of(self, rows: Sequence[tuple[Any, ...]]) -> list[Row]:
        """What `read` makes of such columns."""
        finish = self._now().finish
        return [finish(row) for row in rows]

    def place_of(self, column: str) -> int:
        """Where a column of the model itself stands in them."""
        return self._now().columns.index(column)

    def _now(self) -> "_Made":
        language = get_language() or ""
        made = self._made.get(language)
        if made is None:
            made = self._made[language] = _make(self.build, self.kinds)
        return made


def answered(rows: QuerySet[Any, Any], found: Sequence[Any]) -> QuerySet[Any, Any]:
    """``rows`` as if they had been read already."""
    rows._result_cache, rows._prefetch_done = list(found), True  # type: ignore[attr-defined]
    return rows


def narrowed(model: type[M], found: Sequence[M], *order: str, **facts: Any) -> QuerySet[M]:
    """``model.objects.filter(**facts).order_by(*order)`` as if it had been read already.

    Its query is put together only for who narrows it further, which hardly anybody does.
    """
    rows = model._default_manager.get_queryset()
    rows._deferred_filter = (False, (), facts)  # type: ignore[attr-defined]  # as a related manager's
    if order:
        rows._query.order_by = order  # type: ignore[attr-defined]
    return answered(rows, found)


def related_known(owners: Sequence[Model], name: str, found: Sequence[Any]) -> None:
    """Give each of ``owners`` its rows of the reverse relation ``name``, as a prefetch would.

    ``found``: the rows of all of them, each owner's in order.
    """
    if not owners:
        return
    field = type(owners[0])._meta.get_field(name).field  # type: ignore[union-attr]
    by_owner: dict[Any, list[Any]] = {}
    for row in found:
        by_owner.setdefault(getattr(row, field.attname), []).append(row)
    for owner in owners:
        mine = by_owner.get(owner.pk, [])
        for row in mine:
            setattr(row, field.name, owner)
        rows: Any = narrowed(field.model, mine, **{field.name: owner})
        rows._known_related_objects = {field: {owner.pk: owner}}
        owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


@dataclass(frozen=True)
class _Made:
    """SQL with the names of its values in order; what is the same each time stands in it."""

    sql: str
    params: tuple[str, ...]
    converters: dict[int, Any]
    compiler: Any
    columns: tuple[str, ...]
    finish: Callable[[Sequence[Any]], Any]

    def rows(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        params = [untyped(values[name]) for name in self.params]
        rows, _count = planned_run(self.sql, params)
        if self.converters:
            rows = list(map(tuple, self.compiler.apply_converters(rows, self.converters)))
        return rows


def _make(build: Callable[..., QuerySet[Any, Any]], kinds: dict[str, str]) -> _Made:
    marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(kinds.items())}
    rows = build(**{n: [m] if kinds[n] in LISTS else m for n, m in marks.items()})
    compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, values = compiler.as_sql()
    names = {mark: name for name, mark in marks.items()}
    params = [names.get(value, "") if _is_mark(value) else "" for value in values]
    missing = set(marks) - set(params)
    if missing or "%%" in sql or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise NotPreparableError(f"{sql} {missing or ''}")
    fields = [column[0] for column in compiler.select[: compiler.col_count]]
    sql = _any_of(sql, [kinds.get(name) in LISTS for name in params])
    return _Made(
        sql=_fill(sql, params, values),
        params=tuple(name for name in params if name),
        converters=compiler.get_converters(fields),
        compiler=compiler,
        columns=tuple(one.target.column if hasattr(one, "target") else "" for one in fields),
        finish=_finisher(rows, compiler),
    )


def _mark(kind: str, place: int) -> int | str | dt.datetime | UUID:
    if kind == MOMENT:
        return FIRST_MOMENT + dt.timedelta(seconds=place)
    if kind in (TEXT, TEXTS):
        return f"{FIRST_TEXT} {place}"
    if kind == KEY:
        return UUID(int=FIRST_KEY.int + place)
    if kind == SMALL:
        return FIRST_SMALL + place
    return FIRST_INTEGER + place


def _is_mark(value: Any) -> bool:
    return isinstance(value, (int, str, dt.datetime, UUID))


def _any_of(sql: str, are_many: list[bool]) -> str:
    """``IN (%s)`` becomes ``= ANY(%s)``, which takes a list of any length."""
    pieces = sql.split("%s")
    for place, is_many in enumerate(are_many):
        if is_many:
            before, after = pieces[place], pieces[place + 1]
            if not (before.endswith("IN (") and after.startswith(")")):
                raise NotPreparableError(f"a list is not asked for with IN: {sql}")
            pieces[place] = before.removesuffix("IN (") + "= ANY("
    return "%s".join(pieces)


def _fill(sql: str, names: Sequence[str], values: Sequence[Any]) -> str:
    """What is the same each time is written into the text: a plan may then reckon with it."""
    first, *others = sql.split("%s")
    filled = first
    for name, value, piece in zip(names, values, others, strict=True):
        same = "" if name else as_text("%s", [value]).replace("%", "%%")
        filled += (same or "%s") + piece
    return filled


def _finisher(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes of a row of columns what the query set would give; as Django's `ModelIterable`."""
    if rows._iterable_class is ValuesListIterable:
        return tuple
    if rows._iterable_class is not ModelIterable:
        raise NotPreparableError(f"{rows._iterable_class.__name__}: only instances and columns")
    chosen = compiler.klass_info
    model: type[Model] = chosen["model"]
    first, end = chosen["select_fields"][0], chosen["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:end]]
    # The stubs know a later Django, which asks for one argument more.
    populators = get_related_populators(chosen, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    extra = list((compiler.annotation_col_map or {}).items())

    def instance(row: Sequence[Any]) -> Model:
        one = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for populator in populators:
            populator.populate(row, one)
        for name, place in extra:
            setattr(one, name, row[place])
        return one

    return instance
