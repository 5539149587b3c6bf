"""What other pages place of opinions: ``{% product_opinions product %}``."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from catalog.models import Product
from shop.core.pagecache.holes import hole_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def product_opinions(context: dict[str, Any], product: Product) -> SafeString:
    """Reviews and questions of ``product`` (a family) as sections of its page.

    Three queries, unless the page brings them as ``opinions``.
    """
    request = context.get("request")
    if request is not None:
        request.family, request.family_opinions = product, context.get("opinions")
    return hole_shown(request, "opinions", product.pk)


@register.filter
def share_of(value: int, whole: int) -> int:
    """Percent, rounded; 0 of nothing."""
    return round(100 * value / whole) if whole else 0
