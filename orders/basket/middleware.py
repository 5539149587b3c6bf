"""The basket of a request, and how many things are in it without pricing them."""

from functools import partial

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty
from oscar.apps.basket.middleware import BasketMiddleware as OscarBasketMiddleware

from orders.basket.models import Basket, guest_basket


class BasketMiddleware(OscarBasketMiddleware):
    """Adds ``request.basket_items()``: every page shows that number, few need prices and offers.

    ``request.basket_bare()`` is the basket before anybody prices it. ``request.basket_is_shown``: whether its
    lines will be read, so that they may come with it.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.basket_is_shown = request.method in ("GET", "HEAD")
        request.basket_items = partial(self.items_counted, request)
        request.basket_bare = partial(self.basket_bare, request)
        return super().__call__(request)

    def get_basket(self, request: HttpRequest) -> Basket:
        """A guest's basket and shelf are merged at sign-in; here only if the database was too busy then."""
        if request._basket_cache is None and request.user.is_authenticated:
            from orders.keeping.cookies import COOKIE
            from orders.keeping.handlers import on_signed_in

            if request.COOKIES.keys() & {self.get_cookie_key(request), COOKIE}:
                on_signed_in(request, request.user)
            basket = self._basket_of(request)
            basket.owner = request.user
            request._basket_cache = basket
        return super().get_basket(request)

    def get_cookie_basket(
        self, cookie_key: str, request: HttpRequest, manager: object
    ) -> Basket | None:
        """Oscar's, in one prepared statement that knows whether it holds a coupon, too. A page shows
        what is in it, or how much; who changes it reads the lines under its lock."""
        if cookie_key not in request.COOKIES:
            return None
        try:
            basket = guest_basket(
                int(Signer().unsign(request.COOKIES[cookie_key])),
                is_filled=request.basket_is_shown,
            )
        except (BadSignature, ValueError):
            basket = None
        if basket is None:
            request.cookies_to_delete.append(cookie_key)
        return basket

    def _basket_of(self, request: HttpRequest) -> Basket:
        """A member's basket. Whoever only looks gets one that is not written, as a guest does."""
        if request.method != "POST":
            return Basket.open.filter(owner=request.user).first() or Basket(owner=request.user)
        return Basket.open.get_or_create(owner=request.user)[0]

    def basket_bare(self, request: HttpRequest) -> Basket:
        """The same basket, its offers not applied yet: for who asks what is in it and not its price."""
        basket = self.get_basket(request)
        if not basket.has_strategy:
            basket.strategy = request.strategy
        return basket

    def items_counted(self, request: HttpRequest) -> int:
        """Units in the basket. No query for a visitor who has none, one or two for one who has."""
        basket = request.basket
        is_read = not isinstance(basket, SimpleLazyObject) or basket._wrapped is not empty
        if is_read and (known := basket.units_known) is not None:
            return known
        has_cookie = bool(request.COOKIES.get(settings.OSCAR_BASKET_COOKIE_OPEN))
        if not is_read and not has_cookie and not request.user.is_authenticated:
            return 0
        basket = self.get_basket(request)
        if not basket.pk:
            return 0
        known = basket.units_known
        return sum(basket.units()) if known is None else known
