"""What a product page shows of sets, downloads, services and gift vouchers."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("kinds/_panel.html", takes_context=True)
def kind_panel(context: dict[str, Any], product: Any) -> dict[str, Any]:
    """Nothing for goods. See `templates/kinds/_panel.html`."""
    from catalog.kinds.panels import panel_of

    return panel_of(product, request=context.get("request"))
