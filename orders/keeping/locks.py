"""Shelves, between baskets and orders in the order of docs/locking.md."""

from collections.abc import Iterable

from orders.keeping.models import Shelf


def shelves_lock(ids: Iterable[int]) -> dict[int, Shelf]:
    """Lock these shelves by key and return their fresh rows."""
    rows = Shelf.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}
