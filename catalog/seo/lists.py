"""Heads of lists of products.

The list itself and each of its further pages stand for themselves. Another order or page size is the
same list: it names the plain one. What is narrowed by filters is not for search engines.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.listing.filters import PER_PAGE
from catalog.seo.graph import breadcrumbs, item_list
from catalog.seo.head import Head, Own, head_list, head_make
from catalog.seo.models import PageKind


def listing_head(context: Mapping[str, Any], *, kind: str) -> Head:
    """From what the page shows: ``title``, ``about``, ``own``, ``trail``, ``listing``, ``cards``.

    ``is_found`` False keeps a list out whatever it is asked for, as the search's.
    """
    listing, name, path = context["listing"], str(context["title"]), context["path"]
    filters = listing.filters
    # A list that nothing stands in just now is none; a shelf is one also while it is empty.
    stands = bool(listing.total) or kind != PageKind.LIST
    is_found = context.get("is_found", True) and not filters.narrows and stands
    is_plain = not filters.sort and filters.per == PER_PAGE[0]
    cards = [(card.name, card.url) for card in context["cards"]] if is_found and is_plain else []
    words = {"name": name, "about": str(context.get("about") or ""), "count": str(listing.total)}
    return head_make(
        kind,
        path=path,
        words=words,
        own=context.get("own") or Own(),
        page=listing.page if is_plain else 1,
        is_found=is_found,
        nodes=(
            breadcrumbs(context.get("trail") or (), name=name, path=path) if is_found else {},
            item_list(cards, first=listing.first),
        ),
    )


def tiles_head(path: str, tiles: Sequence[Any], *, name: str, about: str) -> Head:
    """Of a page that shows all brands or all collections."""
    pages = [(tile.name, tile.url) for tile in tiles]
    nodes = (breadcrumbs((), name=name, path=path), item_list(pages))
    return head_list(
        PageKind.LIST, path=path, name=name, count=len(pages), about=about, nodes=nodes
    )
