"""What belongs to a family: the product that lists show, and its variants."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from catalog.models import Product


def with_variants(families: Iterable[int], *, hidden: bool = False) -> QuerySet[Product]:
    """``families`` and their variants, for ``product__in=``; public ones unless ``hidden``.

    Asked as one OR over rows that belong to products, PostgreSQL reads all of those rows.
    """
    ids = list(families)
    variants = Q(parent__in=ids) if hidden else Q(parent__in=ids, is_public=True)
    return Product.objects.filter(Q(pk__in=ids) | variants).order_by().values("pk")
