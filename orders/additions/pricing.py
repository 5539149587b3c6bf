"""What something added would cost, and another way to send it. Reads: what it writes it takes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.models import Kind, Product
from catalog.partner.strategy import Selector, ShopStrategy
from catalog.taxes.rates import Taxes, taxes_at
from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket
from orders.basket.services import line_add
from orders.exceptions import EditRefused
from orders.models import Order
from orders.shipping.repository import POINT, Repository
from shop.core.money import ZERO


@dataclass(frozen=True)
class PricedLine:
    """One product with its units. Sums as `orders.additions.models.AdditionLine` keeps them."""

    product: Product
    stockrecord: Any
    quantity: int
    columns: dict[str, Any]

    @property
    def price(self) -> Decimal:
        return self.columns["price_incl_tax"]


@dataclass(frozen=True)
class Priced:
    """All that is added. ``applied``: Oscar's records of the offers, to be counted when it is asked for."""

    lines: list[PricedLine]
    discounts: list[dict[str, Any]]
    applied: list[Any] = field(default_factory=list)

    @property
    def incl(self) -> Decimal:
        return sum((one.columns["price_incl_tax"] for one in self.lines), ZERO)

    @property
    def excl(self) -> Decimal:
        return sum((one.columns["price_excl_tax"] for one in self.lines), ZERO)

    @property
    def before(self) -> Decimal:
        return sum((one.columns["before_incl_tax"] for one in self.lines), ZERO)


@dataclass(frozen=True)
class Way:
    """A way to send the order. ``more``: what it costs more than now, below zero: less; tax included."""

    code: str
    name: str
    incl: Decimal
    excl: Decimal
    tax_code: str
    promise: tuple[Any, Any]
    more: Decimal

    @property
    def less(self) -> Decimal:
        return -self.more


def order_strategy(order: Order) -> ShopStrategy:
    """Prices of the order's customer, in its currency, with the taxes of where it goes."""
    return Selector().strategy(user=order.user, currency=order.currency, taxes=_taxes(order))


def addition_price(*, order: Order, things: Mapping[Product, int]) -> Priced:
    """These units at today's prices and with today's offers, as a basket of their own.

    Nothing is held. Raises ``EditRefused`` with words for the clerk.
    """
    if order.shipping_address is None:
        raise EditRefused(_("This order goes nowhere: it needs no parcel."))
    if any(product.get_product_class().kind != Kind.GOODS for product in things):
        raise EditRefused(_("Only goods can be added to an order."))
    user = order.user or AnonymousUser()
    with transaction.atomic():
        basket = Basket.objects.create()
        basket.strategy = order_strategy(order)
        try:
            for product, units in things.items():
                line_add(basket=basket, product=product, quantity=units)
        except BasketRefused as refusal:
            raise EditRefused(str(refusal)) from refusal
        basket._lines = None  # read the lines anew
        basket.price(basket.strategy, user=user)
        with translation.override(order.facts.language):
            priced = _priced(basket)
        transaction.set_rollback(True)
    return priced


def ways_of(order: Order) -> list[Way]:
    """How else it can be sent, in the order of the shop, and what that costs more.

    Pick-up points are the customer's to choose, so they are not among them.
    """
    if order.shipping_address is None:
        return []
    goods = _Goods(order)
    methods = Repository().get_available_shipping_methods(
        basket=goods, shipping_addr=order.shipping_address, user=order.user
    )
    return [
        _way(order, method, goods)
        for method in methods
        if method.code != order.shipping_code and not method.code.startswith(POINT)
    ]


class _Goods:
    """The things of an order, as methods of delivery look at a basket: at the prices that were agreed."""

    def __init__(self, order: Order) -> None:
        rows = order.lines.select_related(
            "product__product_class", "product__parent__product_class"
        )
        self._lines = list(rows.order_by("pk"))
        self.strategy = order_strategy(order)
        self.currency = order.currency
        tax = "excl" if _is_tax_added(order) else "incl"
        self.shown_total = sum(
            (getattr(line, f"line_price_{tax}_tax") for line in self._lines), ZERO
        )

    def all_lines(self) -> Sequence[Any]:
        return self._lines


def _way(order: Order, method: Any, goods: _Goods) -> Way:
    charge = method.calculate(goods)
    return Way(
        code=method.code,
        name=str(method.name),
        incl=charge.incl_tax,
        excl=charge.excl_tax,
        tax_code=charge.tax_code,
        promise=method.promise(),
        more=charge.incl_tax - order.shipping_incl_tax,
    )


def _priced(basket: Basket) -> Priced:
    applied = [one for one in basket.offer_applications if not one["result"].affects_shipping]
    return Priced(
        lines=[_line(line) for line in basket.all_lines()],
        discounts=[
            {
                "offer": one["offer"].pk,
                "name": one["offer"].name,
                "freq": one["freq"],
                "amount": str(one["discount"]),
            }
            for one in applied
            if one["discount"]
        ],
        applied=[one for one in applied if one["discount"]],
    )


def _line(line: Any) -> PricedLine:
    columns = {
        "tax_code": line.purchase_info.price.tax_code or "",
        "unit_incl_tax": line.unit_price_incl_tax,
        "unit_excl_tax": line.unit_price_excl_tax,
        "before_incl_tax": line.line_price_incl_tax,
        "before_excl_tax": line.line_price_excl_tax,
        "price_incl_tax": line.line_price_incl_tax_incl_discounts,
        "price_excl_tax": line.line_price_excl_tax_incl_discounts,
        "discounts": [
            {"offer": one.offer.pk, "amount": str(one.amount), "is_incl_tax": one.incl_tax}
            for one in line.discounts
            if one.offer
        ],
    }
    columns["title"] = line.product.get_title()
    return PricedLine(line.product, line.stockrecord, line.quantity, columns)


def _taxes(order: Order) -> Taxes:
    address = order.shipping_address
    return taxes_at(address.country_id, address.state or "") if address else taxes_at()


def _is_tax_added(order: Order) -> bool:
    sums = getattr(order, "sums", None)  # orders of earlier times have no row
    return sums is not None and sums.is_tax_added
