"""Writing many rows quickly, with the dates that history had."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)

BATCH = 2000


def bulk(rows: Iterable[M]) -> list[M]:
    """Insert rows of one model in batches; they come back with their keys."""
    rows = list(rows)
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH) if rows else []


def rows_count() -> None:
    """Let PostgreSQL look at what was written so far.

    Nobody else sees these rows before the end, so that its own housekeeping takes the tables for empty
    and every trigger reads them from the first row to the last.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def dates_as_given(*fields: tuple[type[models.Model], str]) -> Iterator[None]:
    """Let rows keep a date that Django would set to now (``auto_now``, ``auto_now_add``)."""
    with ExitStack() as stack:
        for model, name in fields:
            field = model._meta.get_field(name)
            for switch in ("auto_now", "auto_now_add"):
                if getattr(field, switch, False):
                    setattr(field, switch, False)
                    stack.callback(setattr, field, switch, True)
        yield
