"""What the back office's page of an order shows of files, services and gift cards."""

from typing import Any

from django import template

from orders.handover.selectors import handover_of
from shop.core.office import may

register = template.Library()


@register.inclusion_tag("kinds/office/_handover.html", takes_context=True)
def order_handover(context: dict[str, Any], order: Any) -> dict[str, Any]:
    """Nothing for an order of goods alone."""
    request = context["request"]
    return {
        "handover": handover_of(order),
        "order": order,
        "here": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
        "may_renew": may(request.user, "grant-renew", "POST"),
        "may_do": may(request.user, "job-done", "POST"),
        "may_see_wallets": may(request.user, "wallet-detail"),
    }
