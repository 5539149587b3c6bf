"""What may run only once at a time."""

import datetime as dt

from django.db import connection

SUMS = 7_310_001  # a name space of our own among the advisory locks


def day_lock(day: dt.date) -> None:
    """Wait until nobody else makes the sums of ``day``. Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SUMS, day.toordinal()])
