"""For whom the present request reckons prices: lists and pages need not pass the shopper on."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from catalog.exchange.shopper import request_reckons, shopper_currency
from catalog.exchange.views import currency_keep
from catalog.pricing.lists import groups_with_prices
from catalog.pricing.prices import PriceContext
from catalog.pricing.rules import rules
from shop.core.pagecache.gather import gathered

_user: ContextVar[Any] = ContextVar("pricing_shopper", default=None)


class ShopperMiddleware:
    """Remembers the request's user without reading it: most prices are the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _user.set(request.user)
        try:
            with request_reckons(request):
                response = self.get_response(request)
        finally:
            _user.reset(token)
        if currency := getattr(request, "currency_remembered", ""):
            currency_keep(response, currency)
        return response


def shopper_id() -> int | None:
    """Who is signed in; None for a stranger and outside of requests."""
    kept = gathered.get()
    if kept is not None:
        return kept.user_id  # a page is made for everybody with this member's prices
    user = _user.get()
    return user.pk if user is not None and user.is_authenticated else None


def segment_of(request: HttpRequest) -> str | None:
    """Of shoppers who see the same prices: "" for strangers, None for one with prices of his own.

    One query for members, none for strangers.
    """
    if not request.user.is_authenticated:
        return ""
    if any(rule.is_personal() for rule in rules()):
        return None
    groups = groups_with_prices(request.user.pk)
    return "-".join(["member", *map(str, groups)])


def shopper_context(**fields: Any) -> PriceContext:
    """The context of the one who reads the page."""
    return PriceContext(user_id=shopper_id(), currency=shopper_currency(), **fields)


def staff_id() -> int | None:
    """Who of the team is at work in this request; None for shoppers and outside of requests."""
    user = _user.get()
    return user.pk if user is not None and user.is_authenticated and user.is_staff else None
