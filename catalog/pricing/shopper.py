"""For whom the present request reckons prices: lists and pages need not pass the shopper on."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from catalog.pricing.prices import PriceContext

_user: ContextVar[Any] = ContextVar("pricing_shopper", default=None)


class ShopperMiddleware:
    """Remembers the request's user without reading it: most prices are the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _user.set(request.user)
        try:
            return self.get_response(request)
        finally:
            _user.reset(token)


def shopper_id() -> int | None:
    """Who is signed in; None for a stranger and outside of requests."""
    user = _user.get()
    return user.pk if user is not None and user.is_authenticated else None


def shopper_context(**fields: Any) -> PriceContext:
    """The context of the one who reads the page."""
    return PriceContext(user_id=shopper_id(), **fields)


def staff_id() -> int | None:
    """Who of the team is at work in this request; None for shoppers and outside of requests."""
    user = _user.get()
    return user.pk if user is not None and user.is_authenticated and user.is_staff else None
