"""The form under what is sold out, as this visitor sees it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from catalog.models import Product
from crm.alerts.forms import AlertForm
from crm.alerts.selectors import is_waiting
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def stock_alert(request: HttpRequest | None, product_id: int) -> str:
    """``product_id``: of a variant, or of a product without any. No query for strangers."""
    user = getattr(request, "user", None) or AnonymousUser()
    product = Product(pk=product_id)
    return part_shown(
        "alerts/_ask.html",
        request,
        user=user,
        product=product,
        form=AlertForm(),
        is_waiting=user.is_authenticated and is_waiting(product=product, user=user),
    )


def register() -> None:
    hole_register("stock-alert", stock_alert, is_members=True)
