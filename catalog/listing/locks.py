"""The rows of lists are written one after the other, in the order of their keys."""

from collections.abc import Iterable

from catalog.listing.models import ListedProduct


def listed_rows_lock(ids: Iterable[int]) -> dict[int, ListedProduct]:
    """Lock the rows of these families, so that who refreshes last has read last."""
    rows = ListedProduct.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update()
    return {row.pk: row for row in rows}
