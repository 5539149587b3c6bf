"""The only place of search that locks rows."""

from collections.abc import Iterable

from catalog.search.models import SearchDocument
from shop.core.prepared import INTEGERS, Prepared


def documents_lock(ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """Lock the documents of these families; by family and language, the digest of each.

    Of two transactions that change the same family the second waits here, and then reads what
    the first one wrote. They are locked last of all, in the order of their keys.
    """
    found = _digests.read(ids=list(set(ids)))
    return {(product, language): digest for product, language, digest in found}


_digests: Prepared[tuple[int, str, str]] = Prepared(
    lambda ids: (
        SearchDocument.objects.filter(product__in=ids)
        .order_by("product_id", "language")
        .select_for_update(of=("self",))
        .values_list("product_id", "language", "digest")
    ),
    ids=INTEGERS,
)
