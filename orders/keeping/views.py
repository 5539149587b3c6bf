"""Putting aside, taking back, "I have read it", and where it would go."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.delivery import COUNTRY_COOKIE, countries_served
from catalog.delivery_views import country_remember
from orders.basket.exceptions import BasketRefused
from orders.basket.services import basket_keep, basket_noted
from orders.basket.views import MAX_ID, BasketChange
from orders.keeping import aside
from orders.keeping.cookies import shelf_expect, shelf_of_request, shelf_remember


class AsidePutView(BasketChange):
    """A line goes onto the shelf; a guest gets the cookie by which it is found again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            put = aside.line_put_aside(
                basket=request.basket,
                line_id=min(pk, MAX_ID),
                shelf=shelf_of_request(request),
                owner=request.user if request.user.is_authenticated else None,
            )
        except BasketRefused as refusal:
            return self.answer(request, refused=refusal.message)
        if put is None:
            return self.answer(request, refused=_("This is not in your basket any more."))
        shelf_expect(request, put.shelf)
        response = self.answer(request, done=_("%(name)s is put aside.") % {"name": put.name})
        shelf_remember(response, put.shelf)
        return response


class AsideView(BasketChange):
    """A thing on the shelf goes back into the basket, or, with the button ``remove``, away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        shelf, pk = shelf_of_request(request), min(pk, MAX_ID)
        gone = _("This is not put aside any more.")
        if shelf is None:
            return self.answer(request, refused=gone)
        if "remove" in request.POST:
            is_done = aside.aside_forget(shelf=shelf, thing_id=pk)
            return self.answer(request, done=_("It is gone.") if is_done else gone)
        basket_keep(request.basket)
        try:
            name = aside.aside_take_back(basket=request.basket, shelf=shelf, thing_id=pk)
        except BasketRefused as refusal:
            return self.answer(request, refused=refusal.message)
        if name is None:
            return self.answer(request, refused=gone)
        return self.answer(request, done=_("%(name)s is in your basket.") % {"name": name})


class NotedView(BasketChange):
    """The shopper has read what changed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            basket_noted(basket=request.basket)
        except BasketRefused as refusal:
            return self.answer(request, refused=refusal.message)
        return self.answer(request)


class CountryView(BasketChange):
    """The country for which delivery is estimated: the one choice of the whole shop."""

    def post(self, request: HttpRequest) -> HttpResponse:
        country = request.POST.get("country", "")
        if country not in countries_served():
            return self.answer(request, refused=_("Choose a country from the list."))
        request.COOKIES[COUNTRY_COOKIE] = country  # what is shown now is for there already
        response = self.answer(request)
        country_remember(response, country)
        return response
