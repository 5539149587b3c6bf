"""What a row of a table means for the shop: what is new, what changes, or why it cannot be."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import nh3
from django.utils.translation import gettext as _

from catalog.models import (
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductClass,
)
from catalog.partner.models import StockRecord
from shop.core.money import exponent
from shop.dashboard.goods.columns import ATTRIBUTE, BY_CODE
from shop.dashboard.goods.exceptions import RowRefused
from shop.dashboard.goods.lookups import Known, Shelves, family_code
from supply.rights import FEWER

MOST_PRICE = Decimal(10) ** 9
MOST_UNITS = 1_000_000
STATES = {
    **dict.fromkeys(
        ("sale", "on sale", "public", "published", "1", "yes", "true", "在售", "上架"), True
    ),
    **dict.fromkeys(("draft", "hidden", "0", "no", "false", "草稿", "下架"), False),
}
TRUE = {"1", "yes", "true", "y", "是"}
FALSE = {"0", "no", "false", "n", "否"}
TEXTS = {
    "title_en": "title_en",
    "title_zh": "title_zh_hans",
    "description_en": "description_en",
    "description_zh": "description_zh_hans",
}


@dataclass
class Planned:
    """What one row would do. Only what differs from now is in it.

    ``family`` is the product that texts, brand and categories belong to, ``product`` what is sold;
    both are None while they are new. ``values``: by attribute, and whether the family has it.
    """

    sku: str
    currency: str
    code: str = ""  # of the family; empty for a product without variants
    record: StockRecord | None = None
    product: Product | None = None
    family: Product | None = None
    type: ProductClass | None = None
    texts: dict[str, str] = field(default_factory=dict)  # of the family, by field
    is_public: bool | None = None
    brand_id: int | None = None
    categories: list[int] | None = None
    barcode: str | None = None
    price: Decimal | None = None
    stock: int | None = None
    low: int | None = None
    values: list[tuple[ProductAttribute, Any, bool]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # names of columns

    @property
    def is_new(self) -> bool:
        return self.record is None


class Checker:
    """Turns rows into what they would do.

    ``may_stock``: whether units may be counted; ``may_fewer``: also fewer than the book says.
    """

    def __init__(
        self, shelves: Shelves, known: Known, *, currency: str, may_stock: bool, may_fewer: bool
    ) -> None:
        self.shelves, self.known = shelves, known
        self.currency, self.may_stock, self.may_fewer = currency, may_stock, may_fewer

    def plan(self, cells: dict[str, str]) -> Planned:
        """Raises ``RowRefused`` with the first thing that cannot be."""
        for code, text in cells.items():
            column = BY_CODE.get(code)
            if column and len(text) > column.most:
                raise RowRefused(
                    _("%(column)s: at most %(most)d letters.")
                    % {"column": column.label, "most": column.most}
                )
        planned = self._who(cells)
        self._texts(planned, cells)
        self._shelf(planned, cells)
        self._numbers(planned, cells)
        self._values(planned, cells)
        if planned.is_new:
            self._whole(planned)
        return planned

    def _who(self, cells: dict[str, str]) -> Planned:
        sku = cells.get("sku", "")
        if not sku:
            raise RowRefused(_("The SKU is missing."))
        records = self.known.records.get(sku, [])
        if len(records) > 1:
            raise RowRefused(_("Several products have this SKU."))
        planned = Planned(sku=sku, currency=self.currency, code=cells.get("family", ""))
        if records:
            planned.record = records[0]
            planned.product = records[0].product
            planned.family = planned.product.parent or planned.product
            planned.currency = records[0].price_currency
            if planned.code and not (
                planned.product.is_child and family_code(planned.family) == planned.code
            ):
                raise RowRefused(_("This SKU is sold already, outside of this family."))
            return planned
        if planned.code:
            planned.family = self.known.families.get(planned.code)
            if planned.family and not planned.family.is_parent:
                raise RowRefused(_("The product with this code is no family."))
        return planned

    def _texts(self, planned: Planned, cells: dict[str, str]) -> None:
        for code, name in TEXTS.items():
            text = cells.get(code, "")
            if code.startswith("description"):
                text = nh3.clean(text)
            if text and text != (getattr(planned.family, name, "") or ""):
                planned.texts[name] = text
                planned.changed.append(code)
        state = cells.get("status", "").lower()
        if state:
            if state not in STATES:
                raise RowRefused(_("The state is “sale” or “draft”."))
            if planned.family is None or planned.family.is_public != STATES[state]:
                planned.is_public = STATES[state]
                planned.changed.append("status")

    def _shelf(self, planned: Planned, cells: dict[str, str]) -> None:
        if name := cells.get("type"):
            planned.type = self.shelves.types.get(name.lower())
            if planned.type is None:
                raise RowRefused(_("There is no product type “%(name)s”.") % {"name": name[:60]})
        if planned.family:
            if planned.type and planned.type.pk != planned.family.product_class_id:
                raise RowRefused(_("The type of a product that exists stays what it is."))
            planned.type = planned.family.product_class
        if name := cells.get("brand", ""):
            brand = self.shelves.brands.get(name.lower())
            if brand is None:
                raise RowRefused(_("There is no brand “%(name)s”.") % {"name": name[:60]})
            if not planned.family or self.known.brands.get(planned.family.pk) != brand.pk:
                planned.brand_id = brand.pk
                planned.changed.append("brand")
        if text := cells.get("categories", ""):
            wanted: dict[int, Category] = {}
            for one in text.split(";"):
                if one.strip():
                    category = self.shelves.category(one)
                    wanted[category.pk] = category
            there = self.known.places.get(planned.family.pk, set()) if planned.family else set()
            if set(wanted) != there:
                planned.categories = sorted(wanted)
                planned.changed.append("categories")

    def _numbers(self, planned: Planned, cells: dict[str, str]) -> None:
        if text := cells.get("price"):
            price = price_read(text, planned.currency)
            if planned.record is None or planned.record.price != price:
                planned.price = price
                planned.changed.append("price")
        for code, name in (("stock", "num_in_stock"), ("low", "low_stock_threshold")):
            if text := cells.get(code):
                units = _units(text)
                now = getattr(planned.record, name) if planned.record else None
                if units != (now or 0):
                    setattr(planned, code, units)
                    planned.changed.append(code)
        if planned.stock is not None:
            if not self.may_stock:
                raise RowRefused(_("Units are booked by the warehouse; leave this column out."))
            if planned.type and not planned.type.track_stock:
                raise RowRefused(_("Products of this type are not counted."))
            there = (planned.record.num_in_stock or 0) if planned.record else 0
            if planned.stock < there and not self.may_fewer:
                raise RowRefused(str(FEWER))
            held = (planned.record.num_allocated or 0) if planned.record else 0
            if planned.stock < held:
                raise RowRefused(_("Orders hold %(units)d units of it.") % {"units": held})
        if text := cells.get("barcode"):
            owner = self.known.barcodes.get(text)
            mine = planned.product.pk if planned.product else None
            if owner and owner != mine:
                raise RowRefused(_("Another product has this bar code."))
            if planned.product is None or planned.product.upc != text:
                planned.barcode = text
                planned.changed.append("barcode")

    def _values(self, planned: Planned, cells: dict[str, str]) -> None:
        known = self.shelves.attributes.get(planned.type.pk, {}) if planned.type else {}
        of_family = self.known.values.get(planned.family.pk, {}) if planned.family else {}
        own = self.known.values.get(planned.product.pk, {}) if planned.product else {}
        for code, cell in cells.items():
            if not code.startswith(ATTRIBUTE) or not cell:
                continue
            name = code.removeprefix(ATTRIBUTE)
            attribute = known.get(name)
            if attribute is None:
                raise RowRefused(
                    _("Products of this type have no attribute “%(name)s”.") % {"name": name[:60]}
                )
            value = self._value(attribute, cell)
            is_family = name in of_family and name not in own
            now = (of_family if is_family else own).get(name)
            if now is None or value_known(now) != value:
                planned.values.append((attribute, value, is_family))
                planned.changed.append(code)

    def _value(self, attribute: ProductAttribute, text: str) -> Any:
        wrong = RowRefused(
            _("“%(text)s” is no value of “%(name)s”.") % {"text": text[:40], "name": attribute.name}
        )
        if attribute.type == ProductAttribute.OPTION:
            option = self.shelves.options.get(attribute.option_group_id, {}).get(text.lower())
            if option is None:
                raise wrong
            return option
        if attribute.type == ProductAttribute.BOOLEAN and text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        if attribute.type == ProductAttribute.TEXT:
            return text
        try:
            if attribute.type == ProductAttribute.INTEGER and len(text) < 10:
                return int(text)
            if attribute.type == ProductAttribute.FLOAT and len(text) < 20:
                number = float(text)
                if abs(number) < 1e15:
                    return number
        except ValueError as error:
            raise wrong from error
        raise wrong

    def _whole(self, planned: Planned) -> None:
        """What nothing can be sold without."""
        if planned.family is None:
            if not planned.texts.get("title_en"):
                raise RowRefused(_("A new product needs an English title."))
            if planned.type is None:
                raise RowRefused(_("A new product needs its type."))
        if planned.price is None:
            raise RowRefused(_("A new product needs a price."))


def value_known(row: ProductAttributeValue) -> Any:
    """What a table says of a value: its English text, whoever reads it."""
    is_text = row.attribute.type == ProductAttribute.TEXT
    return row.value_text_en if is_text else row.value


def price_read(text: str, currency: str) -> Decimal:
    """``12.50`` or ``12,50``. Raises ``RowRefused``."""
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise RowRefused(_("“%(text)s” is no price") % {"text": text[:20]}) from error
    if not price.is_finite() or not 0 <= price < MOST_PRICE:
        raise RowRefused(_("“%(text)s” is no price") % {"text": text[:20]})
    if price != price.quantize(exponent(currency)):
        raise RowRefused(
            _("The price is finer than the smallest coin of %(currency)s.") % {"currency": currency}
        )
    return price


def _units(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 7
    if not is_number or int(text) > MOST_UNITS:
        raise RowRefused(
            _("“%(text)s” is no number of units from 0 to %(most)d.")
            % {"text": text[:20], "most": MOST_UNITS}
        )
    return int(text)
