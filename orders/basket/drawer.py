"""A look into the basket from any page, without leaving it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.basket.selectors import basket_page
from orders.basket.views import is_htmx


@never_cache
@require_safe
def drawer(request: HttpRequest) -> HttpResponse:
    """What the dialog of every page shows; whoever opens the address itself gets the whole basket."""
    if not is_htmx(request):
        return redirect("basket:summary")
    page = None if request.basket.is_empty else basket_page(request=request)
    return render(request, "oscar/basket/_drawer.html", {"page": page})
