"""What the shop knows of the rows of a table, read for many rows at once."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from catalog.facts.models import Brand, ProductFacts
from catalog.models import (
    AttributeOption,
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
)
from catalog.partner.models import StockRecord
from catalog.paths import key_of
from shop.dashboard.goods.exceptions import RowRefused

UNNAMED = "family-"  # before the key of a family that has no code of its own


def family_code(family: Product) -> str:
    """What stands in the column of families for this one."""
    return family.code or f"{UNNAMED}{family.pk}"


class Shelves:
    """What cells name: brands, categories, types, attributes and their options. Six queries."""

    def __init__(self) -> None:
        self.brands: dict[str, Brand] = {}
        for brand in Brand.objects.all():
            for name in (brand.slug, brand.name_en, brand.name_zh_hans):
                self.brands.setdefault((name or "").lower(), brand)
        self.types: dict[str, ProductClass] = {}
        for one in ProductClass.objects.all():
            for name in (one.slug, one.name_en, one.name_zh_hans):
                self.types.setdefault((name or "").lower(), one)
        self.categories = self._categories()
        self.attributes: dict[int, dict[str, ProductAttribute]] = {}
        rows = ProductAttribute.objects.exclude(product_class=None).select_related("option_group")
        for attribute in rows:
            self.attributes.setdefault(attribute.product_class_id, {})[attribute.code] = attribute
        self.options: dict[int, dict[str, AttributeOption]] = {}
        for option in AttributeOption.objects.order_by("pk"):
            names = self.options.setdefault(option.group_id, {})
            for name in (option.option_en, option.option_zh_hans, option.code):
                if name:
                    names.setdefault(name.lower(), option)

    def _categories(self) -> dict[str, Category]:
        """By path of names in either language, by path of slugs, and by a name that is the only one."""
        found: dict[str, Category] = {}
        by_path: dict[str, Category] = {}
        alone: dict[str, list[Category]] = {}
        for category in Category.objects.order_by("path"):
            by_path[category.path] = category
            steps = range(Category.steplen, len(category.path) + 1, Category.steplen)
            line = [by_path[category.path[:end]] for end in steps if category.path[:end] in by_path]
            for name in ("name_en", "name_zh_hans", "slug"):
                words = [(getattr(one, name) or one.name_en or "").lower() for one in line]
                found.setdefault(" > ".join(words), category)
                alone.setdefault(words[-1], []).append(category)
        for name, rows in alone.items():
            if len({one.pk for one in rows}) == 1:
                found.setdefault(name, rows[0])
        return found

    def category(self, text: str) -> Category:
        steps = [step.strip().lower() for step in text.replace("/", ">").split(">")]
        whole = " > ".join(steps)
        category = self.categories.get(whole) or self.categories.get(text.strip().lower())
        if category is None:
            raise RowRefused(_("There is no category “%(name)s”.") % {"name": text[:60]})
        return category


class Known:
    """What there is of the products that some rows name. A fixed number of queries."""

    def __init__(self, cells: Iterable[dict[str, Any]]) -> None:
        rows = list(cells)
        skus = {row["sku"] for row in rows if row.get("sku")}
        codes = {row["family"] for row in rows if row.get("family")}
        barcodes = {row["barcode"] for row in rows if row.get("barcode")}
        self.records: dict[str, list[StockRecord]] = {}
        found = StockRecord.objects.filter(partner_sku__in=skus).order_by("pk")
        for record in found.select_related(
            "product__parent__product_class", "product__product_class"
        ):
            self.records.setdefault(record.partner_sku, []).append(record)
        keys = {key_of(code.removeprefix(UNNAMED)) for code in codes if code.startswith(UNNAMED)}
        typed = Product.objects.select_related("product_class")
        families = list(typed.filter(code__in=codes))
        families += typed.filter(pk__in=keys, code=None, structure=Product.PARENT)
        self.families = {family_code(one): one for one in families}
        self.barcodes = dict(
            Product.objects.filter(upc__in=barcodes).values_list("upc", "pk").order_by("pk")
        )
        self._facts(families)

    def _facts(self, families: list[Product]) -> None:
        products = [record.product for rows in self.records.values() for record in rows]
        everything = {one.pk for one in products} | {one.pk for one in families}
        everything |= {one.parent_id for one in products if one.parent_id}
        self.brands = dict(
            ProductFacts.objects.filter(pk__in=everything).values_list("pk", "brand_id")
        )
        self.places: dict[int, set[int]] = {}
        for pk, category in ProductCategory.objects.filter(product__in=everything).values_list(
            "product_id", "category_id"
        ):
            self.places.setdefault(pk, set()).add(category)
        self.values: dict[int, dict[str, ProductAttributeValue]] = {}
        values = ProductAttributeValue.objects.filter(product__in=everything)
        for value in values.select_related("attribute", "value_option"):
            self.values.setdefault(value.product_id, {})[value.attribute.code] = value
