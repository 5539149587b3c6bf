"""The locks of prices. Price lists come after stock records in the order of docs/locking.md."""

from django.db import connection

from catalog.pricing.models import PriceList

COMPARISON = 7_301_042  # any number that no other advisory lock of the shop uses


def comparison_lock() -> bool:
    """One comparison at a time; False when another process has it. Ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COMPARISON])
        return bool(cursor.fetchone()[0])


def price_list_lock(pk: int) -> PriceList | None:
    """Lock the list, and with it its entries; None when it is gone."""
    return PriceList.objects.select_for_update(of=("self",)).filter(pk=pk).first()
