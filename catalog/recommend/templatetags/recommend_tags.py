"""Rows of suggestions. The two beside a product are read together, whichever tag comes first."""

from typing import Any

from django import template
from django.template import Context

from catalog.models import Product
from catalog.recommend import rails

register = template.Library()


@register.inclusion_tag("recommend/together.html", takes_context=True)
def bought_together(context: Context, product: Product) -> dict[str, Any]:
    """The product with what is bought with it, as a set with one button. Nothing without rules."""
    request = context.get("request")
    found = rails.product_rails(request, product).together
    return {"set": found, "product": product, "request": request}


@register.inclusion_tag("recommend/similar.html", takes_context=True)
def similar_products(context: Context, product: Product) -> dict[str, Any]:
    """Others like it. A product that is new gets what sells on its shelf."""
    request = context.get("request")
    return {"cards": rails.product_rails(request, product).similar, "request": request}


@register.inclusion_tag("recommend/for_you.html", takes_context=True)
def for_you(context: Context) -> dict[str, Any]:
    """From orders and looks of this visitor; popular things for a stranger. Not for kept pages."""
    request = context["request"]
    return {"cards": rails.visitor_rail(request), "request": request}


@register.inclusion_tag("recommend/popular.html", takes_context=True)
def popular_now(context: Context) -> dict[str, Any]:
    request = context.get("request")
    return {"cards": rails.popular_rail(request), "request": request}


@register.inclusion_tag("recommend/visitor_lazy.html", takes_context=True)
def recently_viewed(context: Context, product: Product | None = None) -> dict[str, Any]:
    """What this browser looked at, and for you, fetched when it comes into view.

    The page around it holds nothing of the visitor's and may be kept; without scripts a link leads
    to the page that shows the same.
    """
    return {"product": product, "request": context.get("request")}
