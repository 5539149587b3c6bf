"""The way to the basket, with its count."""

from django.conf import settings
from django.http import HttpRequest

from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def basket_link(request: HttpRequest | None) -> str:
    return part_shown("components/basket_link.html", request)


def register() -> None:
    hole_register("basket", basket_link, late=(settings.OSCAR_BASKET_COOKIE_OPEN,), is_members=True)
