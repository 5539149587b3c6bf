"""Things that are kept, with the truth of today about price and stock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse

from catalog.cards import CardFacts, Offer, cards_make, offers_of, price_shown, truth_shown
from catalog.delivery import delivery_promised
from catalog.models import Product
from catalog.selectors import with_card_facts
from catalog.variants import attribute_values
from orders.basket.models import Basket
from orders.keeping.models import PutAside, SharedBasket, Shelf
from orders.keeping.sharing import share_of, share_orders


class Kept(Protocol):
    """A row that keeps a number of a product; the product comes with its parent."""

    pk: Any
    product: Any
    quantity: int


@dataclass(frozen=True)
class KeptShown:
    """One kept thing. ``card`` None: it is not on show any more."""

    row: Any
    name: str
    card: CardFacts | None = None
    variant: str = ""
    url: str = ""
    now: str = ""
    truth: str = ""
    is_available: bool = False


def kept_shown(rows: Sequence[Kept]) -> list[KeptShown]:
    """All of them, in their order. The same few queries, however many; none for none."""
    products = [row.product for row in rows if row.product is not None]
    if not products:
        return [KeptShown(row, getattr(row, "title", "")) for row in rows]
    ids = {product.parent_id or product.pk for product in products}
    families = with_card_facts(Product.objects.browsable()).in_bulk(ids)
    offers = offers_of(list(families.values()))
    cards = {card.pk: card for card in cards_make(families.values(), offers=offers)}
    labels = _labels([product for product in products if product.is_child])
    return [_shown(row, cards, offers, labels) for row in rows]


def _shown(
    row: Any, cards: dict[int, CardFacts], offers: dict[int, list[Offer]], labels: dict[int, str]
) -> KeptShown:
    product = row.product
    family_id = (product.parent_id or product.pk) if product else 0
    card = cards.get(family_id)
    if card is None or not product.is_public:
        return KeptShown(row, product.get_title() if product else row.title)
    own = [
        offer
        for offer in offers.get(family_id, [])
        if not product.is_child or offer.product.pk == product.pk
    ]
    return KeptShown(
        row=row,
        name=card.name,
        card=card,
        variant=labels.get(product.pk, ""),
        url=f"{card.url}?variant={product.pk}" if product.is_child else card.url,
        now=price_shown(own) if own else "",
        truth=truth_shown(own, delivery_promised()) if own else "",
        is_available=any(offer.is_available for offer in own),
    )


def _labels(variants: Sequence[Product]) -> dict[int, str]:
    if not variants:
        return {}
    return {
        pk: " · ".join(str(value.value_as_text) for value in values)
        for pk, values in attribute_values(variants).items()
    }


def shelf_shown(shelf: Shelf | None) -> list[KeptShown]:
    """What a person put aside, the latest first. No query without a shelf."""
    if shelf is None:
        return []
    rows: Sequence[PutAside] = list(shelf.things.select_related("product__parent"))
    return kept_shown(rows)


def share_shown(share: SharedBasket) -> list[KeptShown]:
    return kept_shown(list(share.things.select_related("product__parent")))


@dataclass(frozen=True)
class ShareFacts:
    """The link to a basket for its owner: where it leads, until when, and what came of it."""

    url: str
    until: dt.datetime
    taken: int
    orders: int


def share_facts(basket: Basket) -> ShareFacts | None:
    """One query for a basket that is not shared."""
    share = share_of(basket)
    if share is None:
        return None
    url = settings.PUBLIC_URL + reverse("basket:shared", args=[share.key])
    orders = share_orders(share) if share.taken else 0
    return ShareFacts(url, share.expires_at, share.taken, orders)
