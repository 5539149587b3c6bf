"""The way to the basket, with its count."""

from django.conf import settings
from django.http import HttpRequest

from shop.core.fragments import fragment
from shop.core.pagecache.holes import hole_register


def basket_link(request: HttpRequest | None) -> str:
    # Who was refused at the door has no basket yet, and a page all the same.
    counted = getattr(request, "basket_items", None)
    items = counted() if counted is not None else 0
    return fragment("components/basket_link.html", {"items": items, "oob": False})


def register() -> None:
    hole_register("basket", basket_link, late=(settings.OSCAR_BASKET_COOKIE_OPEN,), is_members=True)
