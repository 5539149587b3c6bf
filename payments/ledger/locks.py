"""Days are closed one at a time, and after all that is being booked on them."""

from django.db import connection

DAYS = 7_340_412  # key of the advisory lock; each booking shares it (migration 0002_rules)


def days_lock() -> None:
    """Wait for bookings that are under way and keep new ones waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3000ms', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DAYS])
