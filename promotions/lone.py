"""A basket that holds one line and is written nowhere: what would be paid for it alone.

Oscar's own conditions and benefits are run on it, so its answer is the basket's answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.apps.basket.utils import LineDiscountRegistry

from catalog.models import Product
from catalog.partner.models import StockRecord
from promotions.ranges import Places
from shop.core.money import reduction


@dataclass(frozen=True)
class LoneProduct:
    """What offers ask of a product."""

    pk: int
    id: int
    parent_id: int | None
    is_discountable: bool
    offer_places: Places

    @classmethod
    def of(cls, product: Product, places: Places) -> "LoneProduct":
        return cls(product.pk, product.pk, product.parent_id, product.is_discountable, places)


class LoneLine:
    """What offers ask of a basket line (`orders.basket.models.Line`)."""

    def __init__(
        self,
        *,
        product: LoneProduct,
        record: StockRecord,
        quantity: int,
        unit: Decimal,
        currency: str,
    ) -> None:
        self.product = product
        self.stockrecord = record
        self.stockrecord_id = record.pk
        self.quantity = quantity
        self.unit_effective_price = unit
        self.currency = currency
        self.discounts = LineDiscountRegistry(self)

    @property
    def total(self) -> Decimal:
        """Of all units, after what the offers took off."""
        return self.unit_effective_price * self.quantity - self.discounts.incl_tax

    def discount(
        self,
        discount_value: Decimal,
        affected_quantity: int,
        incl_tax: bool = True,
        offer: Any = None,
    ) -> None:
        value = reduction(discount_value, left=self.total, currency=self.currency)
        self.discounts.discount(value, affected_quantity, incl_tax=incl_tax, offer=offer)

    def consume(self, quantity: int, offer: Any = None) -> int:
        return self.discounts.consume(quantity, offer=offer)

    def quantity_with_offer_discount(self, offer: Any) -> int:
        return self.discounts.num_consumed(offer)

    def quantity_without_offer_discount(self, offer: Any) -> int:
        return self.discounts.available(offer)

    def is_available_for_offer_discount(self, offer: Any) -> bool:
        return self.discounts.available(offer) > 0

    def quantity_available_for_offer(self, offer: Any) -> int:
        return self.discounts.available(offer) + self.discounts.num_consumed(offer)


class LoneBasket:
    """``owner``: anything true for a member, for the caps per person."""

    def __init__(self, line: LoneLine, *, owner: Any = None) -> None:
        self.line = line
        self.owner = owner
        self.currency = line.currency
        self.offer_applications: Sequence[Any] = ()

    def all_lines(self) -> list[LoneLine]:
        return [self.line]
