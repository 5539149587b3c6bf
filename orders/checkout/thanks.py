"""The end of the checkout: thanks, and what happens next."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views import View

from orders.handover.selectors import NOTHING
from orders.links import (
    links_by_account,
    links_by_token,
    order_is_theirs,
    order_token,
)
from orders.models import Order
from orders.pages import OrderPage
from orders.selectors import order_thanked
from orders.states import OrderState
from payments.models import PaymentIntent
from payments.selectors import intents_read
from shop.core.handler import request_moved


class ThankYouView(View):
    """The order is in. Only for the browser or the member that placed it."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = order_thanked(number)
        if order is None or not order_is_theirs(request, order):
            raise Http404
        return _thanks(request, order, intents_read(number))


def thanks_here(
    request: HttpRequest, order: Order, intents: Sequence[PaymentIntent]
) -> HttpResponse:
    """The same answer to whoever comes back from the payment page, who need not ask once more.

    ``order``: as `order_thanked` or `order_thanked_now` reads it, and theirs, which the caller has looked at.
    ``intents``: all of its, newest first. In the language of the moment, which is the order's.
    """
    request_moved(request, "checkout:thank-you", order.number)
    answer = _thanks(request, order, intents)
    answer["Content-Language"] = get_language() or ""
    answer["Content-Location"] = request.path
    # A provider adds to the address what it likes; to see the origin is enough for forms that are sent.
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def _thanks(request: HttpRequest, order: Order, intents: Sequence[PaymentIntent]) -> HttpResponse:
    links = links_by_account(order.number) if order.user_id else links_by_token(order_token(order))
    page = OrderPage(order, links)
    page.intents = list(intents)  # what was sent back of them is not shown here
    if not order.gives_something:
        page.handover = NOTHING
    if page.can_pay or order.status == OrderState.CANCELLED:
        return redirect(links.page)
    context = {
        "page": page,
        "is_guest": not order.user_id,
        "address": request.path,
    }
    return render(request, "oscar/checkout/thank_you.html", context)
