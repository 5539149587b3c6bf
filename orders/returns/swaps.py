"""What a thing may be exchanged for, and what that costs. Reads only."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.models import Product
from catalog.partner.models import StockRecord
from catalog.partner.strategy import Selector, ShopStrategy
from catalog.pricing.lists import list_prices_attach
from catalog.taxes.rates import Taxes, taxes_at
from orders.models import Line, Order
from orders.returns.amounts import units_amount
from shop.core.money import ZERO, rounded

MOST = 99  # units of what is not counted


@dataclass(frozen=True)
class Swap:
    """``more``: what one unit costs more today than the one that comes back; below zero: less."""

    product: Product
    more: Decimal
    free: int


def swaps_of(line: Line) -> list[Swap]:
    """The same again and its sisters, as far as they can be had now; in the order of the shop."""
    product = line.product
    if product is None or line.stockrecord_id is None:
        return []
    strategy = _strategy(line.order)
    family = _family(product, strategy)
    able = []
    for one, record in family:
        free = record.net_stock_level if record.can_track_allocations else MOST
        more = _difference(line, one, record, strategy)
        if free > 0 and more is not None:
            able.append(Swap(one, more, free))
    return able


def difference(line: Line, product: Product) -> Decimal | None:
    """Of one unit, as prices are shown to this customer; None: it is not sold."""
    record = product.stockrecords.order_by("pk").first()
    return None if record is None else _difference(line, product, record, _strategy(line.order))


def _family(product: Product, strategy: ShopStrategy) -> list[tuple[Product, StockRecord]]:
    """The product and its sisters that are on sale, with their records and prices. Five queries."""
    rows = product.parent.children if product.parent_id else Product.objects.filter(pk=product.pk)
    rows = rows.filter(is_public=True).select_related("product_class", "parent__product_class")
    found = []
    for one in rows.prefetch_related("stockrecords").order_by("pk"):
        record = min(one.stockrecords.all(), key=lambda each: each.pk, default=None)
        if record is not None:
            record.product = one
            found.append((one, record))
    list_prices_attach([record for _one, record in found], exchange=strategy.exchange)
    return found


def _difference(
    line: Line, product: Product, record: StockRecord, strategy: ShopStrategy
) -> Decimal | None:
    if product.pk == line.product_id:
        return ZERO
    if not strategy.pricing_policy(product, record).exists:
        return None
    old = line.stockrecord
    is_sold = old is not None and strategy.pricing_policy(line.product, old).exists
    before = strategy.unit_price(old, 1) if is_sold else _paid_each(line)
    return strategy.unit_price(record, 1) - before


def _strategy(order: Order) -> ShopStrategy:
    return Selector().strategy(user=order.user, currency=order.currency, taxes=_taxes(order))


def swap_price(line: Line, product: Product, units: int) -> tuple[Decimal, Decimal]:
    """What ``units`` of ``product`` cost instead, with tax and without: what was paid for the old
    ones and the difference of today's prices; never below nothing.
    """
    order = line.order
    paid = units_amount(line, first=0, units=units)  # the least that comes back for them
    more = difference(line, product) or ZERO
    taxes = _taxes(order)
    if more and product.get_product_class() is not None:
        rate = taxes.rate(product.get_product_class().tax_class)
        sign = 1 if more > 0 else -1
        gross, _net = taxes.sums(abs(more) * units, rate, order.currency)
        paid = max(paid + sign * gross, ZERO)
    whole = line.line_price_incl_tax
    share = line.line_price_excl_tax / whole if whole else Decimal(1)
    return paid, rounded(paid * share, order.currency)


def _taxes(order: Order) -> Taxes:
    address = order.shipping_address
    return taxes_at(address.country_id, address.state or "") if address else taxes_at()


def _paid_each(line: Line) -> Decimal:
    sums = getattr(line.order, "sums", None)
    tax = "excl" if sums is not None and sums.is_tax_added else "incl"
    return rounded(getattr(line, f"line_price_{tax}_tax") / line.quantity, line.order.currency)
