"""The rows of lists are written one after the other, in the order of their keys."""

from collections.abc import Iterable

from catalog.listing.models import ListedProduct
from shop.core.prepared import INTEGERS, Prepared


def listed_rows_lock(ids: Iterable[int]) -> dict[int, ListedProduct]:
    """Lock the rows of these families, so that who refreshes last has read last."""
    return {row.pk: row for row in _rows.read(ids=list(set(ids)))}


_rows: Prepared[ListedProduct] = Prepared(
    lambda ids: ListedProduct.objects.filter(pk__in=ids).order_by("pk").select_for_update(),
    ids=INTEGERS,
)
