"""The heart beside a product."""

from typing import Any

from django import template
from django.template import Context

from crm.wishes.selectors import wished_ids

register = template.Library()


@register.inclusion_tag("wishes/_button.html", takes_context=True)
def wish_button(context: Context, product: Any) -> dict[str, Any]:
    """Puts a product, a variant or the product of a card on the wish list, or takes it off.

    One query per page for members, none for guests.
    """
    request = context.get("request")
    return {
        "product_id": product.pk,
        "is_wished": product.pk in _wished(request),
        "next": request.get_full_path() if request is not None else "",
        "csrf_token": context.get("csrf_token"),
    }


def _wished(request: Any) -> set[int]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return set()
    if not hasattr(request, "wished_ids"):
        request.wished_ids = wished_ids(user)
    return request.wished_ids
