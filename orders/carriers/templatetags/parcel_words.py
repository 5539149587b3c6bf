"""What is said of parcels."""

from django import template

from orders.carriers.registry import carrier_name, tracking_link

register = template.Library()


@register.filter
def carrier_shown(code: str) -> str:
    """``Parcelway`` for parcelway; what an operator typed stays as it is."""
    return carrier_name(code)


@register.simple_tag
def carrier_page(carrier: str, number: str) -> str:
    """The carrier's own page of a parcel; empty where it has none."""
    return tracking_link(carrier, number)
