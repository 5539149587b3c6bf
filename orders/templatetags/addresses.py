"""``{% address_blank "DE" as form %}``: the form that asks for an address, empty."""

from django import template

from orders.checkout.forms import AddressForm

register = template.Library()


@register.simple_tag
def address_blank(country: str) -> AddressForm:
    return AddressForm(country=country)
