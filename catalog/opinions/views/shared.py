"""What all of these pages do: find the product, send strangers to sign in, slow down the eager."""

from typing import Any
from urllib.parse import unquote, urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.paths import key_of
from shop.core.throttle import Throttle, client_address

WRITES = Throttle("opinion-write", limit=10, seconds=3600)
QUESTIONS = Throttle("question-ask", limit=5, seconds=3600)
QUESTIONS_PER_ADDRESS = Throttle("question-address", limit=20, seconds=3600)
VOTES = Throttle("opinion-vote", limit=120, seconds=3600)
REPORTS = Throttle("opinion-report", limit=20, seconds=3600)


def family_of(product_pk: str) -> Product:
    """The product behind the address; 404 for what is hidden and for a single variant."""
    return get_object_or_404(
        Product.objects.public().exclude(structure=Product.CHILD), pk=key_of(product_pk)
    )


def address_of(product: Product, name: str, **kwargs: Any) -> str:
    return reverse(
        f"catalogue:{name}",
        kwargs={"product_slug": product.slug, "product_pk": product.pk, **kwargs},
    )


def moved(request: HttpRequest, there: str) -> HttpResponseRedirect | None:
    """A redirect when the slug in the address is not the product's own (any more)."""
    if request.path == unquote(there):
        return None
    query = request.META["QUERY_STRING"]
    return redirect(f"{there}?{query}" if query else there, permanent=True)


def sign_in(request: HttpRequest, there: str) -> HttpResponse:
    """To the sign-in page and back to ``there``, a page; htmx is told to go there whole."""
    response = redirect_to_login(there)
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def is_full(throttle: Throttle, request: HttpRequest) -> bool:
    """Count this try of the member (or of the address); True if it is one too many."""
    user = request.user
    subject = f"user:{user.pk}" if user.is_authenticated else client_address(request)
    return not throttle.allows(subject)


def too_many() -> str:
    return _("That was a lot at once. Please try again in an hour.")


def refused(request: HttpRequest, product: Product, text: str, *, status: int) -> HttpResponse:
    """A clean page (or a line for htmx) that says why not."""
    if is_htmx(request):
        return render(request, "opinions/_said.html", {"text": text}, status=status)
    context = {"product": product, "text": text}
    return render(request, "opinions/refused.html", context, status=status)


def with_query(there: str, **pairs: Any) -> str:
    return f"{there}?{urlencode(pairs)}"


def number_of(text: str) -> int:
    """A key from an address; 404 for what cannot be one."""
    key = key_of(text)
    if not key:
        raise Http404
    return key
