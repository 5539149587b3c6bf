"""The head of a product's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.cards import price_shown
from catalog.pages import ProductPage
from catalog.seo.addresses import absolute
from catalog.seo.cards import ShareImage, product_card
from catalog.seo.graph import breadcrumbs
from catalog.seo.head import Head, head_make, own_of
from catalog.seo.models import PageKind
from catalog.seo.product_graph import product_nodes


def product_head(
    page: ProductPage,
    *,
    trail: Sequence[Any],
    rating: float | None,
    reviews: int,
    opinions: Mapping[str, Any],
) -> Head:
    """``opinions``: what the page shows of reviews and questions. No queries.

    Every variant names the family as the page to be found.
    """
    product = page.product
    path = product.get_absolute_url()
    nodes = product_nodes(page, rating=rating, reviews=reviews, opinions=opinions)
    return head_make(
        PageKind.PRODUCT,
        path=path,
        words={
            "name": product.title,
            "about": product.description or "",
            "brand": page.brand.name if page.brand else "",
            "category": trail[-1].name if trail else "",
            "price_from": price_shown(page.offers),
        },
        own=own_of(product),
        og_type="product",
        image=product_card(product) or _picture(page),
        facts=tuple(_facts(page)),
        nodes=(breadcrumbs(trail, name=product.title, path=path), *nodes),
    )


def _picture(page: ProductPage) -> ShareImage | None:
    """Its own picture, until it has a card."""
    if not page.pictures:
        return None
    first = page.pictures[0]
    return ShareImage(absolute(first.large), first.width, first.height, first.alt)


def _facts(page: ProductPage) -> list[tuple[str, str]]:
    facts = []
    if page.chosen:
        facts += [
            ("product:price:amount", f"{page.chosen.price:f}"),
            ("product:price:currency", page.chosen.currency),
            ("product:availability", "in stock" if page.can_be_bought else "out of stock"),
        ]
    if page.brand:
        facts.append(("product:brand", page.brand.name))
    return facts
