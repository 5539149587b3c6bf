"""``{% prices_bear_tax as is_in_it %}``: whether prices on this page are with tax."""

from django import template

from catalog.taxes.shopper import shopper_taxes

register = template.Library()


@register.simple_tag
def prices_bear_tax() -> bool:
    return not shopper_taxes().is_added
