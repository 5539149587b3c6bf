"""The facts of a product, grouped as a reader looks for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from catalog.facts.models import Brand, SizeGuide
from catalog.models import Product, ProductAttributeValue
from catalog.partner.models import StockRecord

BRAND = "brand"  # code of the attribute that a brand of its own replaces
MEASURES = {"weight", "dimensions", "length", "width", "height", "depth", "volume", "capacity"}
USE = {"care", "use", "warranty", "storage", "allergens", "ingredients", "age"}


@dataclass(frozen=True)
class Fact:
    name: str
    value: str
    href: str = ""


@dataclass
class SpecGroup:
    """Facts under one heading. Groups without any are not shown."""

    code: str
    title: str
    rows: list[Fact] = field(default_factory=list)


def brand_of(product: Product) -> Brand | None:
    """The brand that has a page, if the family has one."""
    facts = getattr(product, "facts", None)
    return facts.brand if facts else None


def size_guide_of(product: Product) -> SizeGuide | None:
    facts = getattr(product, "facts", None)
    return facts.size_guide if facts else None


def brand_url(brand: Brand) -> str:
    try:
        return reverse("catalogue:brand", kwargs={"slug": brand.slug})
    except NoReverseMatch:
        return ""


def specs_make(
    product: Product, values: Iterable[ProductAttributeValue], record: StockRecord | None
) -> list[SpecGroup]:
    """``values`` of the family and of the chosen variant. No queries."""
    groups = {
        group.code: group
        for group in (
            SpecGroup("make", gettext("What it is")),
            SpecGroup("measures", gettext("Size and weight")),
            SpecGroup("use", gettext("Care and use")),
            SpecGroup("numbers", gettext("Numbers")),
        )
    }
    brand = brand_of(product)
    if brand:
        groups["make"].rows.append(Fact(gettext("Brand"), brand.name, brand_url(brand)))
    for value in values:
        code = value.attribute.code
        if not (brand and code == BRAND) and (text := value.value_as_text):
            groups[_group_of(code)].rows.append(Fact(value.attribute.name, text))
    if record is not None:
        groups["numbers"].rows += _numbers(record)
    return [group for group in groups.values() if group.rows]


def _group_of(code: str) -> str:
    return "measures" if code in MEASURES else "use" if code in USE else "make"


def _numbers(record: StockRecord) -> list[Fact]:
    """The SKU, and the barcode where that is another number."""
    rows = [Fact(gettext("SKU"), record.partner_sku)]
    code = record.product.upc
    if code and code != record.partner_sku:
        rows.append(Fact(gettext("Barcode"), code))
    return rows
