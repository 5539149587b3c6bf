"""``{% stock_alert product %}``: the form under what is sold out."""

from django import template

from catalog.models import Product
from crm.alerts.forms import AlertForm
from crm.alerts.selectors import is_waiting

register = template.Library()


@register.inclusion_tag("alerts/_ask.html", takes_context=True)
def stock_alert(context: template.Context, product: Product) -> dict:
    """``product``: what is bought, a variant or a product without any. No query for strangers."""
    request = context["request"]
    is_member = request.user.is_authenticated
    return {
        "request": request,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
        "product": product,
        "form": AlertForm(),
        "is_waiting": is_member and is_waiting(product=product, user=request.user),
    }
