"""Fragments of suggestions that are fetched after the page, and their pages without scripts."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.models import Product
from catalog.recommend.rails import basket_families, product_set, rails_below
from catalog.selectors import with_card_facts
from catalog.shortlist.cookies import ids_parse

ASKED_AT_MOST = 12  # values of one field that are read


def product_asked(request: HttpRequest) -> Product | None:
    """The family that ``?product=`` names, if it is on show."""
    asked = numbers(request.GET, "product")[:1]
    return with_card_facts(Product.objects.browsable()).filter(pk__in=asked).first()


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def rails(request: HttpRequest) -> HttpResponse:
    """The rows below a product, fetched when they come into view; asked plainly, the page of it."""
    product = product_asked(request)
    if request.headers.get("HX-Request") != "true":
        return redirect(product or "shortlist:recent")
    context = {"rails": rails_below(request, product)}
    return render(request, "recommend/_rails_below.html", context)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def set_page(request: HttpRequest) -> HttpResponse:
    """What is bought with a product, as a set, with other parts or variants and what that costs.

    ``?whole`` brings the set with its title, for the product page.
    """
    product = product_asked(request)
    if product is None:
        raise Http404
    is_changed = "variant" in request.GET or "take" in request.GET
    made = product_set(
        product,
        without=set() if is_changed else basket_families(request),
        wanted=numbers(request.GET, "variant"),
        takes=numbers(request.GET, "take") if is_changed else None,
    )
    template = "recommend/set.html"
    if request.headers.get("HX-Request") == "true":
        template = "recommend/_together.html" if "whole" in request.GET else "recommend/_set.html"
    return render(request, template, {"set": made, "product": product})


def numbers(data: QueryDict, name: str) -> list[int]:
    """The ids that a field holds; what is none is passed over."""
    values = data.getlist(name)[:ASKED_AT_MOST]
    return [pk for value in values for pk in ids_parse(value, limit=1)]
