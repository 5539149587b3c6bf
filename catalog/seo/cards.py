"""Which card goes with a page. Composing them is `catalog.seo.canvas`, making them `seo.services`."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from catalog.models import Product
from catalog.seo.addresses import absolute
from catalog.seo.models import ShareCard
from catalog.seo.rules import shop_card_name

WIDTH, HEIGHT = 1200, 630  # pixels, what those who show links ask for


@dataclass(frozen=True)
class ShareImage:
    """A picture for links, with its whole address. ``width`` and ``height`` in pixels."""

    url: str
    width: int
    height: int
    alt: str


def with_card(products: QuerySet[Product]) -> QuerySet[Product]:
    """Adds ``share_card``: the name of the card in the reader's language; None until it is made."""
    language = get_language() or settings.LANGUAGE_CODE
    family = Coalesce(OuterRef("parent_id"), OuterRef("pk"))
    cards = ShareCard.objects.filter(product=family, language=language)
    return products.annotate(share_card=Subquery(cards.values("image")[:1]))


def product_card(product: Any) -> ShareImage | None:
    """For a product of `with_card`; None where its own picture has to serve."""
    name = getattr(product, "share_card", None)
    return _image(name, product.title) if name else None


def shop_card() -> ShareImage | None:
    """The shop's own, for every page that has none. No query while the rules are kept."""
    name = shop_card_name()
    return _image(name, str(settings.OSCAR_SHOP_NAME)) if name else None


def _image(name: str, alt: str) -> ShareImage:
    return ShareImage(absolute(default_storage.url(name)), WIDTH, HEIGHT, alt)
