"""What other pages place of opinions: ``{% product_opinions product %}``."""

from typing import Any

from django import template

from catalog.models import Product
from catalog.opinions.selectors import reviews_shown

register = template.Library()


@register.inclusion_tag("opinions/_section.html", takes_context=True)
def product_opinions(context: dict[str, Any], product: Product) -> dict[str, Any]:
    """Reviews of ``product`` (a family) as a section of its page."""
    return {"product": product, "request": context.get("request"), **reviews_shown(product)}
