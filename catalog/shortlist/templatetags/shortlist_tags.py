"""Compare, as buttons and as a link with a count. They read the cookie and ask no query."""

from typing import Any

from django import template
from django.template import Context

from catalog.shortlist.cookies import COMPARED

register = template.Library()


def _compared(context: Context) -> list[int]:
    request = context.get("request")
    return COMPARED.read(request) if request is not None else []


@register.inclusion_tag("shortlist/_compare_button.html", takes_context=True)
def compare_button(context: Context, product: Any) -> dict[str, Any]:
    """Takes a product (or a card of one) into the comparison, or out of it."""
    request = context.get("request")
    return {
        "product_id": product.pk,
        "is_compared": product.pk in _compared(context),
        "next": request.get_full_path() if request is not None else "",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("shortlist/_compare_link.html", takes_context=True)
def compare_link(context: Context) -> dict[str, Any]:
    """The way to the comparison, for the head of every page; shown once there is something in it."""
    return {"count": len(_compared(context))}
