"""Compare, as a button. It reads the cookie and asks no query."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from shop.core.pagecache.holes import hole_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def compare_button(context: Context, product: Any) -> SafeString:
    """Takes a product (or a card of one) into the comparison, or out of it."""
    return hole_shown(context.get("request"), "compare", product.pk)
