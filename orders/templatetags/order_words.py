"""What an order keeps as it was written, said in the reader's language."""

from typing import Any

from django import template

from orders.checkout import countries
from orders.models import Line, Order
from orders.shipping.repository import method_name
from shop.core.levels import DOTS, sees

register = template.Library()


@register.filter
def title_shown(line: Line) -> str:
    """The product's name; what stood in the order where the product is gone."""
    return line.product.get_title() if line.product else line.title


@register.filter
def delivery_shown(order: Order) -> str:
    """The way of delivery that the buyer chose."""
    return method_name(order.shipping_code, default=order.shipping_method)


@register.filter
def way_shown(delivery: dict[str, Any]) -> str:
    """The way of delivery of `orders.additions.models.Addition`."""
    return method_name(delivery["code"], default=delivery["name"])


@register.filter
def address_lines(address: Any) -> list[str]:
    """The address as its country writes it, the country in the reader's language.

    At the back office only the country is left for those who do not read personal data.
    """
    lines = countries.address_lines(address)
    return lines if sees("address") else [DOTS, *lines[-1:]]
