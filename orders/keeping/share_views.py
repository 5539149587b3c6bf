"""Sharing a basket, and the page behind the link. A GET shows it; putting it into one's own is a POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.basket.exceptions import BasketRefused
from orders.basket.services import basket_keep
from orders.basket.views import BasketChange
from orders.keeping import sharing
from orders.keeping.again import taken_say
from orders.keeping.models import SharedBasket
from orders.keeping.selectors import share_shown
from shop.core.throttle import Throttle, client_address

SHARES = Throttle("basket-share", limit=30, seconds=3600)


class ShareView(BasketChange):
    """Make the link, or, with the button ``end``, end it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if "end" in request.POST:
            sharing.basket_share_end(basket=request.basket)
            return self.answer(request, done=_("The link is dead."))
        if not SHARES.allows(client_address(request)):
            return self.answer(request, refused=_("That was often. Please try again in an hour."))
        owner = request.user if request.user.is_authenticated else None
        try:
            sharing.basket_share(basket=request.basket, owner=owner)
        except BasketRefused as refusal:
            return self.answer(request, refused=refusal.message)
        return self.answer(request, done=_("Whoever has the link can see these things."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared_page(request: HttpRequest, key: str) -> HttpResponse:
    """What is in it today; what is no longer there is said by name."""
    share = sharing.share_found(key)
    if share is None:
        return render(request, "keeping/share_over.html", status=410)
    if request.method == "POST":
        return _taken(request, share)
    things = share_shown(share)
    context = {
        "share": share,
        "things": things,
        "can_take": any(one.is_available for one in things),
    }
    return render(request, "keeping/shared.html", context)


def _taken(request: HttpRequest, share: SharedBasket) -> HttpResponse:
    basket_keep(request.basket)
    try:
        taken = sharing.share_take(share=share, basket=request.basket)
    except BasketRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("basket:shared", key=share.key)
    taken_say(request, taken)
    return redirect("basket:summary")
