"""The choice of a currency. Works without scripts; GET changes nothing."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.exchange.rates import is_offered
from catalog.exchange.services import currency_remember
from catalog.exchange.shopper import CURRENCY_COOKIE
from shop.core.redirects import next_path

YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
def currency_set(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and for members in the account; then back."""
    currency = request.POST.get("currency", "")
    response = redirect(next_path(request, request.POST.get("next", ""), "/"))
    if not is_offered(currency):
        messages.error(request, _("We have no prices in that currency."))
        return response
    currency_keep(response, currency)
    if request.user.is_authenticated:
        currency_remember(user_id=request.user.pk, currency=currency)
    return response


def currency_keep(response: HttpResponseBase, currency: str) -> None:
    response.set_cookie(
        CURRENCY_COOKIE,
        currency,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
