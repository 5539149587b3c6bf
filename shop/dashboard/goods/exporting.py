"""Products as a table that can be brought in again: as CSV or XLSX, row by row."""

from collections.abc import Iterable, Iterator

from django.db.models import F, Prefetch

from catalog.models import Category, Product, ProductAttributeValue
from shop.core.office import csv_safe
from shop.dashboard.goods.checking import value_known
from shop.dashboard.goods.columns import ATTRIBUTE, COLUMNS
from shop.dashboard.goods.imports import attribute_codes
from shop.dashboard.goods.lookups import family_code

CHUNK = 300  # families that are read together


def export_head() -> list[str]:
    return [*(column.code for column in COLUMNS), *(f"{ATTRIBUTE}{c}" for c in attribute_codes())]


def export_rows(ids: Iterable[int]) -> Iterator[list[str]]:
    """A row for each thing that has a SKU, family by family. Eight queries for 300 families."""
    head = export_head()
    names = {
        category.path: category.name_en or category.name
        for category in Category.objects.only("path", "name_en")
    }
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        found = _families(wanted[start : start + CHUNK])
        for pk in wanted[start : start + CHUNK]:
            if pk in found:
                yield from _family_rows(found[pk], head, names)


def _families(ids: list[int]) -> dict[int, Product]:
    values = Prefetch(
        "attribute_values",
        ProductAttributeValue.objects.select_related("attribute", "value_option"),
    )
    children = Product.objects.order_by("pk").prefetch_related(values, "stockrecords")
    return (
        Product.objects.select_related("product_class", "facts__brand")
        .prefetch_related(values, "stockrecords", "categories", Prefetch("children", children))
        .annotate(kind=F("product_class__slug"))
        .in_bulk(ids)
    )


def _family_rows(family: Product, head: list[str], names: dict[str, str]) -> Iterator[list[str]]:
    facts = getattr(family, "facts", None)
    shared = {
        "type": family.kind or "",
        "title_en": family.title_en or "",
        "title_zh": family.title_zh_hans or "",
        "description_en": family.description_en or "",
        "description_zh": family.description_zh_hans or "",
        "brand": facts.brand.slug if facts and facts.brand else "",
        "categories": "; ".join(sorted(_line(one, names) for one in family.categories.all())),
        "status": "sale" if family.is_public else "draft",
        "family": family_code(family) if family.is_parent else "",
        **_values(family),
    }
    for product in family.children.all() if family.is_parent else [family]:
        for record in product.stockrecords.all():
            counted = record.num_in_stock
            cells = {
                **shared,
                **(_values(product) if product is not family else {}),
                "sku": record.partner_sku,
                "price": "" if record.price is None else str(record.price),
                "stock": "" if counted is None else str(counted),
                "low": str(record.low_stock_threshold or ""),
                "barcode": product.upc or "",
            }
            yield [csv_safe(cells.get(name, "")) for name in head]


def _line(category: Category, names: dict[str, str]) -> str:
    ends = range(Category.steplen, len(category.path) + 1, Category.steplen)
    return " > ".join(names.get(category.path[:end], "") for end in ends)


def _values(product: Product) -> dict[str, str]:
    """What an import can read again; other kinds of attributes are left out."""
    found = {}
    for value in product.attribute_values.all():
        attribute = value.attribute
        if attribute.type == "option":
            text = value.value_option.option_en or "" if value.value_option else ""
        elif attribute.type in ("text", "integer", "float", "boolean"):
            now = value_known(value)
            text = "" if now is None else str(now)
            if isinstance(now, bool):
                text = "yes" if now else "no"
        else:
            continue
        found[f"{ATTRIBUTE}{attribute.code}"] = text
    return found
