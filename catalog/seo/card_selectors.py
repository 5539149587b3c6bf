"""Which products want a card, and with which picture."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Count, F

from catalog.families import with_variants
from catalog.models import Product, ProductImage


def faces_of(ids: Collection[int]) -> dict[int, str]:
    """By family: the name of the stored picture that a list shows of it. One query."""
    rows = (
        ProductImage.objects.filter(product__in=with_variants(ids, hidden=True))
        .order_by("display_order", "pk")
        .values_list("product_id", "product__parent_id", "original")
    )
    own: dict[int, str] = {}
    variants: dict[int, str] = {}
    for product, parent, name in rows:
        if parent is None:
            own.setdefault(product, name)
        else:
            variants.setdefault(parent, name)
    return variants | own


def families_without_card(*, limit: int) -> list[int]:
    """Families that are shown and lack a card in some language, what the shop likes most first."""
    lacking = (
        Product.objects.browsable()
        .filter(parent=None)
        .annotate(cards=Count("share_cards"))
        .filter(cards__lt=len(settings.LANGUAGES))
        .order_by("-priority", F("rating").desc(nulls_last=True), "pk")
    )
    return list(lacking.values_list("pk", flat=True)[:limit])
