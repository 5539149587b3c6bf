"""The heart beside a product."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from shop.core.pagecache.holes import hole_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def wish_button(context: Context, product: Any) -> SafeString:
    """Puts a product, a variant or the product of a card on the wish list, or takes it off."""
    return hole_shown(context.get("request"), "wish", product.pk)
