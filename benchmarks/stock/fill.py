"""The first edition of the catalogue in a stock Oscar: the same goods, attributes, prices and stock.

In English alone, since stock Oscar keeps one language.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from oscar.apps.catalogue.categories import create_from_breadcrumbs

from benchmarks.peers.goods import PICTURES, STOCK, picture_name
from shop.demo.catalogue import Catalogue, Good, Text, Variant

AttributeOption = apps.get_model("catalogue", "AttributeOption")
AttributeOptionGroup = apps.get_model("catalogue", "AttributeOptionGroup")
Partner = apps.get_model("partner", "Partner")
Product = apps.get_model("catalogue", "Product")
ProductAttribute = apps.get_model("catalogue", "ProductAttribute")
ProductAttributeValue = apps.get_model("catalogue", "ProductAttributeValue")
ProductCategory = apps.get_model("catalogue", "ProductCategory")
ProductClass = apps.get_model("catalogue", "ProductClass")
ProductImage = apps.get_model("catalogue", "ProductImage")
StockRecord = apps.get_model("partner", "StockRecord")

CODES = {"size": "dimensions"}
BATCH = 2000


def base_fill(catalogue: Catalogue, goods: list[Good]) -> None:
    """Write ``goods`` and the categories they stand in."""
    Filling(catalogue).write(goods)


class Filling:
    """Remembers the classes, attributes and options that rows need."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.partner = Partner.objects.create(name="Stock", code="stock")
        self.categories = {
            child.key: create_from_breadcrumbs(f"{department.name.en} > {child.name.en}")
            for department in catalogue.departments
            for child in catalogue.children(department.key)
        }
        self.classes: dict[str, Any] = {}
        self.attributes: dict[tuple[str, str], Any] = {}
        self.options: dict[tuple[str, str], Any] = {}
        self.groups: dict[str, Any] = {}

    def write(self, goods: list[Good]) -> None:
        families = _bulk(Product, (self._family(good) for good in goods))
        pairs = list(zip(goods, families, strict=True))
        choices = [
            (good, family, variant)
            for good, family in pairs
            if family.structure == Product.PARENT
            for variant in good.variants
        ]
        children = _bulk(Product, (self._child(*choice) for choice in choices))
        by_sku = {one.upc: one for one in [*families, *children] if one.upc}
        values = [value for pair in pairs for value in self._family_values(*pair)]
        for (good, _family, variant), child in zip(choices, children, strict=True):
            values += self._choice_values(good, variant, child)
        _bulk(ProductAttributeValue, values)
        _bulk(
            ProductCategory,
            (
                ProductCategory(product=family, category=self.categories[good.category])
                for good, family in pairs
            ),
        )
        _bulk(
            StockRecord,
            (
                StockRecord(
                    product=by_sku[variant.sku],
                    partner=self.partner,
                    partner_sku=variant.sku,
                    price_currency="EUR",
                    price=variant.price,
                    num_in_stock=STOCK,
                )
                for good in goods
                for variant in good.variants
            ),
        )
        _bulk(
            ProductImage,
            (
                ProductImage(product=family, original=picture_name(place % PICTURES))
                for place, family in enumerate(families)
            ),
        )

    def _family(self, good: Good) -> Any:
        has_choice = len(good.variants) > 1
        return Product(
            structure=Product.PARENT if has_choice else Product.STANDALONE,
            title=good.name.en,
            description=good.description.en,
            slug=good.key,
            upc=None if has_choice else good.variants[0].sku,
            product_class=self._class(good.tax_class),
        )

    def _child(self, good: Good, family: Any, variant: Variant) -> Any:
        parts = [good.name.en]
        parts += [variant.colour.name.en] if len(good.colours) > 1 else []
        parts += [variant.step.name.en] if variant.step else []
        return Product(
            structure=Product.CHILD,
            parent=family,
            upc=variant.sku,
            slug=variant.sku.lower(),
            title=", ".join(parts),
        )

    def _family_values(self, good: Good, family: Any) -> Iterator[Any]:
        for one in good.attributes:
            attribute = self._attribute(good, CODES.get(one.code, one.code), one.label)
            yield ProductAttributeValue(
                product=family, attribute=attribute, value_text=one.value.en
            )

    def _choice_values(self, good: Good, variant: Variant, child: Any) -> Iterator[Any]:
        if len(good.colours) > 1:
            attribute = self._attribute(good, "colour", Text("Colour", ""), group="colour")
            option = self._option("colour", variant.colour.name)
            yield ProductAttributeValue(product=child, attribute=attribute, value_option=option)
        if variant.step and good.choice:
            code = f"choice_{good.choice.en}".lower().replace(" ", "_")
            attribute = self._attribute(good, code, good.choice, group=code)
            option = self._option(code, variant.step.name)
            yield ProductAttributeValue(product=child, attribute=attribute, value_option=option)

    def _class(self, key: str) -> Any:
        if key not in self.classes:
            self.classes[key] = ProductClass.objects.create(name=key.title())
        return self.classes[key]

    def _attribute(self, good: Good, code: str, label: Text, *, group: str = "") -> Any:
        key = (good.tax_class, code)
        if key not in self.attributes:
            self.attributes[key] = ProductAttribute.objects.create(
                product_class=self._class(good.tax_class),
                code=code,
                name=label.en,
                type=ProductAttribute.OPTION if group else ProductAttribute.TEXT,
                option_group=self._group(group) if group else None,
            )
        return self.attributes[key]

    def _group(self, name: str) -> Any:
        if name not in self.groups:
            self.groups[name] = AttributeOptionGroup.objects.create(name=name)
        return self.groups[name]

    def _option(self, group: str, name: Text) -> Any:
        key = (group, name.en)
        if key not in self.options:
            self.options[key] = AttributeOption.objects.create(
                group=self._group(group), option=name.en
            )
        return self.options[key]


def _bulk(model: Any, rows: Any) -> list[Any]:
    return model.objects.bulk_create(list(rows), batch_size=BATCH)
