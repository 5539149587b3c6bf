"""Rows of suggestions.

The tags of the product page ask one query together: names as plain links, which is all that a page
kept for everybody may hold. Cards, prices and what is this visitor's own are fetched into their place.
"""

from typing import Any

from django import template
from django.template import Context

from catalog.models import Product
from catalog.recommend import rails
from catalog.recommend.models import Shelf

register = template.Library()


@register.inclusion_tag("recommend/together.html", takes_context=True)
def bought_together(context: Context, product: Product) -> dict[str, Any]:
    """What is bought with the product: by name at once, as a set with one button when seen."""
    found = rails.named_beside(context.get("request"), product)[Shelf.TOGETHER]
    return {"companions": found, "product": product}


@register.inclusion_tag("recommend/similar.html", takes_context=True)
def similar_products(context: Context, product: Product) -> dict[str, Any]:
    """Others like it by name at once; as cards, with the visitor's own rows, when seen."""
    found = rails.named_beside(context.get("request"), product)[Shelf.SIMILAR]
    return {"similar": found[: rails.RAIL], "product": product}


@register.inclusion_tag("recommend/for_you.html", takes_context=True)
def for_you(context: Context) -> dict[str, Any]:
    """From orders and looks of this visitor; popular things for a stranger. Not for kept pages."""
    request = context["request"]
    return {"cards": rails.visitor_rail(request), "request": request}


@register.inclusion_tag("recommend/popular.html", takes_context=True)
def popular_now(context: Context) -> dict[str, Any]:
    request = context.get("request")
    return {"cards": rails.popular_rail(request), "request": request}


@register.inclusion_tag("recommend/with_basket.html", takes_context=True)
def goes_with_basket(context: Context) -> dict[str, Any]:
    """What is often bought with something in the basket."""
    request = context["request"]
    return {"cards": rails.basket_rail(request), "request": request}
