"""The way to the account, or to sign in."""

from django.http import HttpRequest

from shop.core.fragments import fragment
from shop.core.pagecache.holes import hole_register


def account_link(request: HttpRequest | None) -> str:
    user = getattr(request, "user", None)
    is_member = user is not None and user.is_authenticated
    values = {"is_member": is_member, "name": user.first_name if is_member else ""}
    return fragment("components/account_link.html", values)


def register() -> None:
    hole_register("account", account_link, is_members=True)
