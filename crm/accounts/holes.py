"""The way to the account, or to sign in."""

from django.http import HttpRequest

from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def account_link(request: HttpRequest | None) -> str:
    return part_shown("components/account_link.html", request)


def register() -> None:
    hole_register("account", account_link, is_members=True)
