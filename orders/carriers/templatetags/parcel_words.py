"""What is said of parcels."""

from django import template

from orders.carriers.registry import carrier_name

register = template.Library()


@register.filter
def carrier_shown(code: str) -> str:
    """``Parcelway`` for parcelway; what an operator typed stays as it is."""
    return carrier_name(code)
