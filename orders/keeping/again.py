"""The same again: what an order held goes into the basket, as far as it can be had."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from orders.basket.exceptions import BasketRefused
from orders.basket.services import basket_keep
from orders.keeping.merging import names_listed
from orders.keeping.sharing import Taken, Wanted, things_take
from orders.views import OrderView


class AgainView(OrderView):
    """A press on "order again"; what is no longer there is said by name."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        lines = self.order.lines.select_related(
            "product__parent__product_class", "product__product_class"
        )
        things = [
            # A gift card was for somebody; its wishes are not repeated.
            Wanted(None if line.attributes.exists() else line.product, line.title, line.quantity)
            for line in lines.prefetch_related("attributes").order_by("pk")
        ]
        basket_keep(request.basket)
        try:
            taken = things_take(basket=request.basket, things=things)
        except BasketRefused as refusal:
            messages.error(request, refusal.message)
        else:
            taken_say(request, taken)
        return redirect("basket:summary")


def taken_say(request: HttpRequest, taken: Taken) -> None:
    """What came into the basket, and what did not."""
    if taken.came:
        names = names_listed(taken.came)
        messages.success(request, _("In your basket now: %(names)s.") % {"names": names})
    elif taken.had:
        messages.info(request, _("All of it is in your basket already."))
    if taken.missing:
        names = names_listed(taken.missing)
        text = _("Not to be had any more, or not so many: %(names)s.")
        messages.warning(request, text % {"names": names})
