"""Where parcels go: the reader chooses a country and is told days and prices."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from catalog.delivery import (
    COUNTRY_COOKIE,
    countries_served,
    country_chosen,
    country_name,
    delivery_ways,
)
from catalog.seo.head import head_page
from shop.core.redirects import next_path

YEAR = 365 * 24 * 60 * 60  # seconds
LIKELY = 9  # countries that stand before the alphabet


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "Cookie")
def delivery_page(request: HttpRequest) -> HttpResponse:
    """A page, or its middle for the dialog of a product page. POST keeps the choice in a cookie."""
    if request.method == "POST":
        return _country_keep(request)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "catalog/_delivery.html" if is_fragment else "catalog/delivery.html"
    return render(request, template, _context(request, country_chosen(request)))


def _country_keep(request: HttpRequest) -> HttpResponse:
    country = request.POST.get("country", "")
    if country not in countries_served():
        context = _context(request, "") | {"error": gettext("Choose a country from the list.")}
        is_fragment = request.headers.get("HX-Request") == "true"
        template = "catalog/_delivery.html" if is_fragment else "catalog/delivery.html"
        return render(request, template, context, status=422)
    there = next_path(request, request.POST.get("next", ""), reverse("delivery"))
    response = redirect(there)
    country_remember(response, country)
    return response


def country_remember(response: HttpResponse, country: str) -> None:
    """``country``: an ISO code that `countries_served` knows."""
    response.set_cookie(
        COUNTRY_COOKIE,
        country,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _context(request: HttpRequest, chosen: str) -> dict:
    asked = request.POST if request.method == "POST" else request.GET
    language = get_language() or "en"
    ways = delivery_ways(chosen)
    current = chosen or (ways[0].country if ways else "")
    names = [(code, country_name(code, language)) for code in countries_served()]
    return {
        "likely": names[:LIKELY],
        "others": sorted(names[LIKELY:], key=lambda pair: pair[1]),
        "current": current,
        "country": country_name(current, language),
        "ways": ways,
        "page_head": head_page(
            reverse("delivery"),
            name=gettext("Delivery"),
            about=gettext("Where we deliver to, when it arrives and what it costs."),
        ),
        "next": next_path(request, asked.get("next", "")),
    }


def delivery_url(there: str) -> str:
    """The page on which a country is chosen, and the way back."""
    return f"{reverse('delivery')}?{urlencode({'next': there})}"
