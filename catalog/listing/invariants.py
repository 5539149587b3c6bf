"""What `manage.py verify` checks about lists."""

from collections.abc import Iterator

from catalog.listing.rows import families_drifted
from shop.core.verify import invariant


@invariant("lists: every row says what the catalogue says")
def lists_are_true() -> Iterator[str]:
    for pk in families_drifted():
        yield f"product {pk}: its row in lists is out of date; run manage.py listing_rebuild"
