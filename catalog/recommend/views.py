"""Fragments of suggestions that are fetched after the page, and their pages without scripts."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.cards import cards_make, offers_of
from catalog.models import Product
from catalog.recommend.models import Shelf
from catalog.recommend.rails import (
    COMPANIONS,
    RAIL,
    reason_in_words,
    recent_cards,
    set_make,
    visitor_rail,
)
from catalog.recommend.selectors import products_seen, suggestions_beside
from catalog.shortlist.cookies import ids_parse

ASKED_AT_MOST = 12  # values of one field that are read


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def rails(request: HttpRequest) -> HttpResponse:
    """Recently viewed and for you, for the product page; asked plainly, the page of the same."""
    if request.headers.get("HX-Request") != "true":
        return redirect("shortlist:recent")
    here = numbers(request.GET, "product")[:1]
    recent = recent_cards(request, limit=RAIL, without=here)
    cards = visitor_rail(request, without=[*here, *(card.pk for card in recent)])
    return render(request, "recommend/_visitor_rails.html", {"recent": recent, "cards": cards})


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def product_set(request: HttpRequest) -> HttpResponse:
    """The set of a product with other parts or variants, and what that costs together."""
    product = next(iter(products_seen(numbers(request.GET, "product")[:1])), None)
    if product is None:
        raise Http404
    found = suggestions_beside(product_id=product.pk, shelves=[Shelf.TOGETHER])[Shelf.TOGETHER]
    takes = numbers(request.GET, "take")
    companions = sorted(found, key=lambda one: one.product.pk not in takes)[:COMPANIONS]
    companions = [one for one in found if one in companions]
    families: list[Product] = [product, *(one.product for one in companions)]
    offers = offers_of(families)
    made = set_make(
        families,
        offers=offers,
        cards={card.pk: card for card in cards_make(families, offers=offers)},
        reasons={one.product.pk: reason_in_words(one, beside=product.title) for one in companions},
        wanted=numbers(request.GET, "variant"),
        takes=takes,
    )
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "recommend/_set.html" if is_fragment else "recommend/set.html"
    return render(request, template, {"set": made, "product": product})


def numbers(data: QueryDict, name: str) -> list[int]:
    """The ids that a field holds; what is none is passed over."""
    values = data.getlist(name)[:ASKED_AT_MOST]
    return [pk for value in values for pk in ids_parse(value, limit=1)]
