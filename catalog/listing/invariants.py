"""What `manage.py verify` checks about lists."""

from collections.abc import Iterator

from catalog.listing.rows import families_drifted
from catalog.models import Product
from shop.core.events import StockChanged
from shop.core.outbox import payloads_waiting
from shop.core.verify import invariant


@invariant("lists: every row says what the catalogue says")
def lists_are_true() -> Iterator[str]:
    """Rows that a change of stock on its way will mend are no drift."""
    mended = _on_their_way()
    for pk in families_drifted():
        if pk in mended:
            continue
        yield f"product {pk}: its row in lists is out of date; run manage.py listing_rebuild"


def _on_their_way() -> set[int]:
    records = {pk for one in payloads_waiting(StockChanged) for pk in one["stock_record_ids"]}
    products = Product.objects.filter(stockrecords__in=records)
    return {parent or pk for pk, parent in products.values_list("pk", "parent_id")}
