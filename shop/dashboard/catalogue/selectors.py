"""Reading the catalogue for the back office."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.models import Category, Product
from catalog.partner.models import StockRecord
from catalog.pictures.selectors import product_images
from catalog.pictures.sources import picture_sources

VIEWS = {"all": Q(), "sale": Q(is_public=True), "hidden": Q(is_public=False)}


def products_find(*, view: str = "all", text: str = "") -> QuerySet[Product]:
    """Products without their variants, newest first; words are looked for in titles and SKUs."""
    rows = Product.objects.exclude(structure=Product.CHILD).filter(VIEWS[view])
    for word in text.split()[:6]:
        titles = Q()
        for code, _name in settings.LANGUAGES:
            column = f"title_{code.replace('-', '_')}__icontains"
            titles |= Q(**{column: word})
        skus = StockRecord.objects.filter(partner_sku__icontains=word)
        own = Q(pk__in=skus.values("product")) | Q(children__in=skus.values("product"))
        rows = rows.filter(titles | Q(upc__iexact=word) | own)
    return rows.order_by("-date_created", "-pk").distinct()


def categories_tree() -> list[Category]:
    """All categories, each after its parent, with the number of products in it. One query."""
    return list(Category.objects.annotate(products=Count("product")).order_by("path"))


def product_rows(ids: Iterable[int]) -> list[dict]:
    """What the list shows of these products, in their order. Four queries."""
    ids = list(ids)
    images = Prefetch("images", product_images())
    found = (
        Product.objects.select_related("product_class")
        .prefetch_related(images, "categories")
        .annotate(variants=Count("children"))
        .in_bulk(ids)
    )
    stock = _stock_of(ids)
    rows = []
    for product in (found[pk] for pk in ids if pk in found):
        image = next(iter(product.images.all()), None)
        rows.append(
            {
                "product": product,
                "picture": picture_sources(image.original.name, image.picture_facts)
                if image
                else None,
                "categories": [category.name for category in product.categories.all()],
                "stock": stock.get(product.pk),
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
