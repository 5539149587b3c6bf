"""Whoever changes the tree's shape waits here for the others: one move writes the paths of many."""

from django.db import connection

TREE = 7_340_118  # key of the advisory lock


def tree_lock() -> None:
    """Hold until the end of the transaction. Readers never wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3000ms', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE])
