"""One change of the rate tables at a time; alone, so it has no place in the order of locks."""

from django.db import connection

KEY = 7_359_014


def rates_lock() -> None:
    """Whoever changes the table second sees what the first wrote. Ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
