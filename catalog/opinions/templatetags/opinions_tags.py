"""What other pages place of opinions: ``{% product_opinions product %}``."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from catalog.models import Product
from catalog.opinions.pages import section_shown

register = template.Library()


@register.inclusion_tag("opinions/_section.html", takes_context=True)
def product_opinions(context: dict[str, Any], product: Product) -> dict[str, Any]:
    """Reviews and questions of ``product`` (a family) as sections of its page.

    Three queries, unless the page brings them as ``opinions``.
    """
    request = context.get("request")
    user = getattr(request, "user", None) or AnonymousUser()
    return {
        "product": product,
        "request": request,
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "shop_name": context.get("shop_name"),
        **(context.get("opinions") or section_shown(product, user=user)),
    }


@register.filter
def share_of(value: int, whole: int) -> int:
    """Percent, rounded; 0 of nothing."""
    return round(100 * value / whole) if whole else 0
