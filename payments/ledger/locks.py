"""Days are closed one at a time, and after all that is being booked on them; what a provider paid out
is decided on one at a time."""

from django.db import connection

DAYS = 7_340_412  # key of the advisory lock; each booking shares it (migration 0002_rules)


def days_lock() -> None:
    """Wait for bookings that are under way and keep new ones waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3000ms', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DAYS])


def payouts_lock() -> None:
    """One at a time takes in a settlement or says that money came from a provider or a courier.

    A payout that is found on a statement and in a settlement at once is then booked once. After the
    payment, before the bank line.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '3000ms', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts of providers'))")
