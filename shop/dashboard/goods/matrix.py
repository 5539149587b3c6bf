"""The matrix of variants: chosen options become rows, each with SKU, price, units and bar code."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import AttributeOption, Product, ProductAttribute, ProductAttributeValue
from catalog.partner.models import StockRecord
from catalog.pricing.services import prices_change_by
from catalog.refresh import families_touched, refreshing
from shop.core.locks import retry_on_conflict
from shop.dashboard.goods.checking import Planned
from shop.dashboard.goods.exceptions import RowRefused
from shop.dashboard.goods.plans import plan_hold
from shop.dashboard.goods.writing import planned_write

MOST = 120  # variants of one family that the page takes


@dataclass(frozen=True)
class Axis:
    """An attribute whose options make variants."""

    attribute: ProductAttribute
    options: list[AttributeOption]


@dataclass
class Cell:
    """One row of the matrix. ``product`` None: it does not exist yet."""

    options: tuple[AttributeOption, ...]
    product: Product | None = None
    record: StockRecord | None = None

    @property
    def name(self) -> str:
        words = " / ".join(str(option.option) for option in self.options)
        return words or (self.product.get_title() if self.product else "")

    @property
    def key(self) -> str:
        """Of its fields in the form."""
        if self.product:
            return f"v{self.product.pk}"
        return "o" + "-".join(str(option.pk) for option in self.options)


@dataclass(frozen=True)
class Wanted:
    """What the form says of one row; ``stock`` None leaves the units alone."""

    cell: Cell
    sku: str
    price: Decimal
    stock: int | None
    barcode: str
    is_public: bool


def axes_of(product: Product) -> list[Axis]:
    """Attributes of the product's type that are chosen from a list. Two queries."""
    rows = ProductAttribute.objects.filter(
        product_class=product.product_class_id, type=ProductAttribute.OPTION
    ).select_related("option_group")
    attributes = [one for one in rows.order_by("pk") if one.option_group_id]
    groups: dict[int, list[AttributeOption]] = {}
    found = AttributeOption.objects.filter(group__in=[one.option_group_id for one in attributes])
    for option in found.order_by("pk"):
        groups.setdefault(option.group_id, []).append(option)
    return [
        Axis(one, groups[one.option_group_id])
        for one in attributes
        if one.option_group_id in groups
    ]


def chosen_number(chosen: Sequence[tuple[Axis, list[AttributeOption]]]) -> int:
    """How many rows the chosen options make, counted without making them."""
    sizes = [len(options) for _axis, options in chosen if options]
    return math.prod(sizes) if sizes else 0


def cells_of(product: Product, chosen: Sequence[tuple[Axis, list[AttributeOption]]]) -> list[Cell]:
    """Variants that exist, then those that the chosen options make and that are not there. Three queries.

    More than ``MOST`` are not made.
    """
    children = list(product.children.order_by("pk").prefetch_related("stockrecords"))
    values: dict[int, list[AttributeOption]] = {}
    rows = ProductAttributeValue.objects.filter(
        product__in=children, value_option__isnull=False
    ).select_related("value_option")
    for value in rows.order_by("attribute_id"):
        values.setdefault(value.product_id, []).append(value.value_option)
    cells = [
        Cell(
            options=tuple(values.get(child.pk, ())),
            product=child,
            record=next(iter(child.stockrecords.all()), None),
        )
        for child in children
    ]
    there = {frozenset(option.pk for option in cell.options) for cell in cells}
    lists = [options for _axis, options in chosen if options]
    for options in itertools.product(*lists) if 0 < chosen_number(chosen) <= MOST else ():
        if frozenset(option.pk for option in options) not in there:
            cells.append(Cell(options=options))
    return cells


def sku_made(stem: str, options: Sequence[AttributeOption]) -> str:
    """``SCARF`` and sage, L → ``SCARF-SAGE-L``."""
    parts = [
        stem,
        *("".join(filter(str.isalnum, str(one.option_en or one.option))) for one in options),
    ]
    return "-".join(part for part in parts if part).upper()[:128]


def skus_taken(wanted: Sequence[Wanted]) -> dict[str, str]:
    """What is wrong with SKUs and bar codes, by key and field: ``v12.sku``. Three queries."""
    errors: dict[str, str] = {}
    skus: set[str] = set()
    codes: set[str] = set()
    records = dict(
        StockRecord.objects.filter(partner_sku__in=[one.sku for one in wanted]).values_list(
            "partner_sku", "pk"
        )
    )
    barcodes = dict(
        Product.objects.filter(upc__in=[one.barcode for one in wanted if one.barcode]).values_list(
            "upc", "pk"
        )
    )
    for one in wanted:
        mine = one.cell.record.pk if one.cell.record else None
        if one.sku in skus:
            errors[f"{one.cell.key}.sku"] = _("Another row has this SKU.")
        elif records.get(one.sku, mine) != mine:
            errors[f"{one.cell.key}.sku"] = _("Another product has this SKU.")
        skus.add(one.sku)
        pk = one.cell.product.pk if one.cell.product else None
        if one.barcode and one.barcode in codes:
            errors[f"{one.cell.key}.barcode"] = _("Another row has this bar code.")
        elif one.barcode and barcodes.get(one.barcode, pk) != pk:
            errors[f"{one.cell.key}.barcode"] = _("Another product has this bar code.")
        codes.add(one.barcode)
    return errors


@retry_on_conflict
@transaction.atomic
def variants_save(
    *, product: Product, wanted: Sequence[Wanted], key: UUID, version: int | None, user: Any
) -> int:
    """Write the rows: new variants are made, others changed. How many are new.

    Units are a count that goes through the ledger, once for each ``key``. Raises ``PlanChanged``,
    ``OutOfStock``, and ``RowRefused`` when somebody took a SKU or bar code at this moment.
    """
    with prices_change_by("product", user_id=user.pk), refreshing():
        plan_hold(product_id=product.pk, version=version, user_id=user.pk)
        product.refresh_from_db()
        if any(one.cell.product is None for one in wanted) and not product.is_parent:
            product.structure = Product.PARENT
            product.save(update_fields=["structure", "date_updated"])
        try:
            with transaction.atomic():
                by_group = {
                    one.attribute.option_group_id: one.attribute for one in axes_of(product)
                }
                rows = [_planned(product, one, by_group) for one in wanted]
                planned_write(rows, source=f"office:{key}", user=user)
                _rest(wanted, rows)
        except IntegrityError as error:
            raise RowRefused(_("Somebody else wrote the same at this moment.")) from error
        families_touched([product.pk])
    return sum(one.cell.product is None for one in wanted)


def _planned(product: Product, one: Wanted, by_group: dict[int, ProductAttribute]) -> Planned:
    cell, is_new = one.cell, one.cell.product is None
    now = cell.record.num_in_stock if cell.record else None
    return Planned(
        sku=one.sku,
        currency=cell.record.price_currency if cell.record else settings.OSCAR_DEFAULT_CURRENCY,
        record=cell.record,
        product=cell.product,
        family=product,
        type=product.product_class,
        barcode=(one.barcode or None) if is_new else None,
        price=one.price,
        stock=None if one.stock is None or one.stock == (now or 0) else one.stock,
        values=[(by_group[option.group_id], option, False) for option in cell.options]
        if is_new
        else [],
    )


def _rest(wanted: Sequence[Wanted], rows: Sequence[Planned]) -> None:
    """What a table cannot say: another SKU, a bar code that goes, one variant off sale."""
    for one, row in zip(wanted, rows, strict=True):
        if row.product is None:
            continue
        product, record = row.product, row.record
        if record and record.partner_sku != one.sku:
            StockRecord.objects.filter(pk=record.pk).update(
                partner_sku=one.sku, date_updated=timezone.now()
            )
        if product.upc != (one.barcode or None) or product.is_public != one.is_public:
            Product.objects.filter(pk=product.pk).update(
                upc=one.barcode or None, is_public=one.is_public, date_updated=timezone.now()
            )
