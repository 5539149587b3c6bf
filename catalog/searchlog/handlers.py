"""What follows from a basket that a search has filled."""

from django.dispatch import receiver
from django.http import HttpRequest
from oscar.apps.basket.signals import basket_addition

from catalog.models import Product
from catalog.searchlog.log import search_cart_log


@receiver(basket_addition, dispatch_uid="searchlog.basket")
def on_basket_addition(
    product: Product | None = None, request: HttpRequest | None = None, **kwargs: object
) -> None:
    if product is not None and request is not None:
        search_cart_log(request, product.parent_id or product.pk)
