"""How often one may try. Failed sign-ins count for the account and for the address they came from."""

from django.http import HttpRequest

from shop.core.throttle import Throttle, client_address

MINUTES = 60
BY_ACCOUNT = Throttle("signin-account", limit=8, seconds=15 * MINUTES)
BY_ADDRESS = Throttle("signin-address", limit=40, seconds=15 * MINUTES)
LINKS_BY_EMAIL = Throttle("link-email", limit=3, seconds=60 * MINUTES)
LINKS_BY_ADDRESS = Throttle("link-address", limit=20, seconds=60 * MINUTES)


def sign_in_must_wait(request: HttpRequest, email: str) -> bool:
    return BY_ACCOUNT.is_full(email) or BY_ADDRESS.is_full(client_address(request))


def sign_in_failed(request: HttpRequest, email: str) -> None:
    BY_ACCOUNT.count(email)
    BY_ADDRESS.count(client_address(request))


def sign_in_worked(email: str) -> None:
    BY_ACCOUNT.forget(email)


def link_may_be_sent(request: HttpRequest, email: str) -> bool:
    """Count a wish for a link by mail; False if it is one too many."""
    if not LINKS_BY_ADDRESS.allows(client_address(request)):
        return False
    return LINKS_BY_EMAIL.allows(email)
