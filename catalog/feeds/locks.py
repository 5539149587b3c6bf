"""One feed is made at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

MERCHANT = 7_340_211  # key of the advisory lock


@contextmanager
def feed_lock() -> Iterator[bool]:
    """False when another process is at it. Held by the connection, not by a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MERCHANT])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MERCHANT])
