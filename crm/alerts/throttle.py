"""How often one may ask: per mail box, so that nobody is flooded, and per address."""

from django.http import HttpRequest

from shop.core.throttle import Throttle, client_address

HOUR = 60 * 60  # seconds
BY_EMAIL = Throttle("alert-email", limit=5, seconds=HOUR)
BY_ADDRESS = Throttle("alert-address", limit=20, seconds=HOUR)


def may_ask(request: HttpRequest, email: str) -> bool:
    """Count a wish; False if it is one too many."""
    return BY_ADDRESS.allows(client_address(request)) and BY_EMAIL.allows(email)
