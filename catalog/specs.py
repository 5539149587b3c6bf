"""The facts of a product, grouped as a reader looks for them."""

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class SpecGroup:
    """Facts under one heading. Groups without any are not shown."""

    code: str
    title: str
    rows: tuple[Fact, ...] = ()


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
) -> tuple[SpecGroup, ...]:
    """``values`` of the family and of the chosen variant. No queries."""
    titles = {
        "make": gettext("What it is"),
        "measures": gettext("Size and weight"),
        "use": gettext("Care and use"),
        "numbers": gettext("Numbers"),
    }
    rows: dict[str, list[Fact]] = {code: [] for code in titles}
    brand = brand_of(product)
    if brand:
        rows["make"].append(Fact(gettext("Brand"), brand.name, brand_url(brand)))
    for value in values:
        code = value.attribute.code
        if not (brand and code == BRAND) and (text := value.value_as_text):
            rows[_group_of(code)].append(Fact(value.attribute.name, text))
    if record is not None:
        rows["numbers"] += _numbers(record)
    return tuple(
        SpecGroup(code, title, tuple(rows[code])) for code, title in titles.items() if rows[code]
    )


def _group_of(code: str) -> str:
    return "measures" if code in MEASURES else "use" if code in USE else "make"


def _numbers(record: StockRecord) -> list[Fact]:
    """The SKU, and the barcode where that is another number."""
    rows = [Fact(gettext("SKU"), record.partner_sku)]
    code = record.product.upc
    if code and code != record.partner_sku:
        rows.append(Fact(gettext("Barcode"), code))
    return rows
