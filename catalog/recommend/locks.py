"""One at a time: replacing the suggestions, and laying choices over them."""

from django.db import connection

SUGGESTIONS = 7_340_117  # key of the advisory lock


def suggestions_lock() -> None:
    """Hold until the end of the transaction. Readers never wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3000ms', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SUGGESTIONS])
