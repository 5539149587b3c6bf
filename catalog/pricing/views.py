"""The page behind every price. Reading only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.pricing.explain import explanation_make, record_explained
from catalog.pricing.shopper import shopper_context

MOST = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD
MAX_ID = 2**63 - 1


@require_safe
@vary_on_headers("HX-Request", "Cookie")
def price_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Why one (or ``?quantity=`` of them) costs this. A fragment for the dialog, else a page."""
    record = record_explained(pk) if pk <= MAX_ID else None
    if record is None:
        raise Http404
    quantity = quantity_of(request.GET.get("quantity", ""))
    context = shopper_context(quantity=quantity, explain=True)
    page = explanation_make(record, context=context)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "pricing/_why.html" if is_fragment else "pricing/why.html"
    response = render(request, template, {"page": page, "is_page": not is_fragment})
    response["X-Robots-Tag"] = "noindex"
    return response


def quantity_of(text: str) -> int:
    """What the address asks for, within what a basket holds; 1 for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    return min(max(int(text), 1), MOST) if is_number else 1
