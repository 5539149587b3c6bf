"""What pages show of sets, downloads, services and gift cards."""

from typing import Any

from django import template

from catalog.kinds.panels import panel_of

register = template.Library()


@register.inclusion_tag("kinds/_panel.html", takes_context=True)
def kind_panel(context: dict[str, Any], product: Any) -> dict[str, Any]:
    """Nothing for goods; for sets and gift cards the form that puts them into the basket."""
    return {
        **panel_of(product, request=context.get("request")),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def kind(product: Any) -> str:
    """``goods``, ``download``, ``service``, ``voucher`` or ``set``."""
    return str(product.get_product_class().kind)


@register.filter
def line_sets(line: Any) -> list[dict[str, Any]]:
    """Of a basket line: the sets that its units are in, once offers have been applied."""
    return [
        {"name": str(offer.name), "units": line.discounts.num_consumed(offer)}
        for offer in line.discounts.consumers
        if offer.is_set
    ]


@register.filter
def line_wishes(line: Any) -> dict[str, str]:
    """Of a basket line: whom a gift card is for; empty for anything else."""
    for attribute in line.attributes.all():
        if isinstance(attribute.value, dict) and "to_email" in attribute.value:
            return attribute.value
    return {}
