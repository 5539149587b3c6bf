"""What is left of an order line when units are taken out: every part of it in proportion, to the cent."""

from collections import Counter
from decimal import Decimal

from orders.models import Line, LinePrice, Order, OrderDiscount
from shop.core.money import ZERO, shares

SUMS = (
    "line_price_incl_tax",
    "line_price_excl_tax",
    "line_price_before_discounts_incl_tax",
    "line_price_before_discounts_excl_tax",
)


def line_cut(order: Order, line: Line, *, left: int) -> None:
    """Leave ``left`` units of ``line``; with none the line goes. Under the order's lock.

    Prices, discounts and tax of the units that stay are what they were. Discounts of the order give up
    what the line no longer loses.
    """
    given = _given(order, line)
    before = _lost(order, line)
    for name in SUMS:
        whole = getattr(line, name)
        setattr(line, name, shares(whole, [left, line.quantity - left], order.currency)[0])
    less = before - _lost(order, line)
    _discounts_cut(order, line, less, given)
    if not left:
        line.delete()
        return
    # Those that left already are allocated no more, and stay.
    line.num_allocated = max(line.num_allocated - (line.quantity - left), 0)
    line.quantity = left
    line.save()
    line.prices.all().delete()
    LinePrice.objects.bulk_create(unit_prices(order, line))


def _lost(order: Order, line: Line) -> Decimal:
    """What the discounts took off the line, as prices were shown."""
    sums = getattr(order, "sums", None)  # orders of earlier times have no row
    tax = "excl" if sums is not None and sums.is_tax_added else "incl"
    before = getattr(line, f"line_price_before_discounts_{tax}_tax")
    return before - getattr(line, f"line_price_{tax}_tax")


def _given(order: Order, line: Line) -> dict[OrderDiscount, Decimal]:
    """Which discounts took it off: those noted for the line, else all of the order in proportion."""
    noted = line.discounts.filter(order_discount__category=OrderDiscount.BASKET)
    rows = {one.order_discount: one.amount for one in noted.select_related("order_discount")}
    if sum(rows.values(), ZERO) == _lost(order, line):
        return {one: amount for one, amount in rows.items() if amount}
    whole = order.discounts.filter(category=OrderDiscount.BASKET, amount__gt=0)
    return {one: one.amount for one in whole.order_by("pk")}


def _discounts_cut(
    order: Order, line: Line, less: Decimal, given: dict[OrderDiscount, Decimal]
) -> None:
    if not less:
        return
    parts = shares(less, list(given.values()), order.currency)
    for discount, part in zip(given, parts, strict=True):
        discount.amount -= part
        discount.save(update_fields=["amount"])
        for noted in line.discounts.filter(order_discount=discount):
            noted.amount = max(noted.amount - part, ZERO)
            noted.save(update_fields=["amount"])


def unit_prices(order: Order, line: Line) -> list[LinePrice]:
    """Unit prices that add up to the line, as the basket splits them; not saved."""
    ones = [1] * line.quantity
    units = zip(
        shares(line.line_price_incl_tax, ones, order.currency),
        shares(line.line_price_excl_tax, ones, order.currency),
        strict=True,
    )
    return [
        LinePrice(
            order=order,
            line=line,
            quantity=quantity,
            price_incl_tax=gross,
            price_excl_tax=net,
            tax_code=line.tax_code,
        )
        for (gross, net), quantity in Counter(units).items()
    ]
