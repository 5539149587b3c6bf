"""Reading the catalogue for the back office."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Max, Min, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product
from catalog.partner.models import StockRecord
from catalog.pictures.selectors import product_images
from catalog.pictures.sources import picture_sources
from shop.dashboard.goods.finding import variants_of


def product_rows(ids: Iterable[int]) -> list[dict]:
    """What the list shows of these products, in their order. Five queries."""
    ids = list(ids)
    images = Prefetch("images", product_images())
    found = (
        Product.objects.select_related("product_class", "plan", "facts__brand")
        .prefetch_related(images, "categories")
        .in_bulk(ids)
    )
    stock = _stock_of(ids)
    variants = variants_of(ids)
    rows = []
    for product in (found[pk] for pk in ids if pk in found):
        image = next(iter(product.images.all()), None)
        for one in variants.get(product.pk, []):
            one["product"].parent = product  # a variant without a title asks for its family's
        rows.append(
            {
                "product": product,
                "picture": picture_sources(image.original.name, image.picture_facts)
                if image
                else None,
                "categories": [category.name for category in product.categories.all()],
                "stock": stock.get(product.pk),
                "variants": variants.get(product.pk, []),
                "plan": getattr(product, "plan", None),
                "no_chinese": not product.title_zh_hans,
            }
        )
    return rows


def _stock_of(ids: list[int]) -> dict[int, dict]:
    """Lowest and highest price, and free units, of each product with its variants. One query."""
    rows = (
        StockRecord.objects.filter(Q(product__in=ids) | Q(product__parent__in=ids))
        .order_by()
        .annotate(family=Coalesce(F("product__parent_id"), F("product_id")))
        .values("family")
        .annotate(
            low=Min("price"),
            high=Max("price"),
            free=Sum(Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0)),
        )
    )
    return {
        row["family"]: row | {"is_range": (row["low"] or Decimal(0)) != (row["high"] or Decimal(0))}
        for row in rows
    }
