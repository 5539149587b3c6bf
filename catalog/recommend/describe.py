"""Families as text and facts, read for comparing them."""

from collections import defaultdict

from django.db.models import Min
from django.db.models.functions import Coalesce

from catalog.facts.models import ProductFacts
from catalog.models import Product, ProductAttributeValue, ProductCategory
from catalog.partner.models import StockRecord
from catalog.recommend.likeness import Described

FAMILY = Coalesce("product__parent_id", "product_id")


def families_described() -> list[Described]:
    """Every browsable family. Five queries; texts in the shop's first language and in Chinese."""
    facts: dict[int, set[str]] = defaultdict(set)
    values = ProductAttributeValue.objects.filter(value_option__isnull=False)
    rows = values.annotate(family=FAMILY).values_list(
        "family", "attribute__code", "value_option_id"
    )
    for family, code, option in rows:
        facts[family].add(f"{code}={option}")
    paths: dict[int, set[str]] = defaultdict(set)
    for family, path in ProductCategory.objects.values_list("product_id", "category__path"):
        paths[family].add(path)
    makers = dict(ProductFacts.objects.values_list("product_id", "brand_id"))
    prices = dict(
        StockRecord.objects.filter(price__isnull=False)
        .annotate(family=FAMILY)
        .order_by()
        .values("family")
        .annotate(lowest=Min("price"))
        .values_list("family", "lowest")
    )
    products = Product.objects.browsable().order_by("pk")
    texts = products.values_list(
        "pk", "title_en", "title_zh_hans", "description_en", "description_zh_hans"
    )
    return [
        Described(
            pk=pk,
            title=f"{title or ''} {title_zh or ''}",
            text=f"{text or ''} {text_zh or ''}",
            facts=frozenset(facts[pk]),
            paths=tuple(sorted(paths[pk])),
            maker=makers.get(pk),
            price=prices.get(pk),
        )
        for pk, title, title_zh, text, text_zh in texts
    ]
