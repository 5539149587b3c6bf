"""The end of the checkout: thanks, and what happens next."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from orders.handover.selectors import NOTHING
from orders.links import links_by_account, links_by_token, order_is_theirs, order_token
from orders.pages import OrderPage
from orders.selectors import order_thanked
from orders.states import OrderState
from payments.selectors import intents_read


class ThankYouView(View):
    """The order is in. Only for the browser or the member that placed it."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = order_thanked(number)
        if order is None or not order_is_theirs(request, order):
            raise Http404
        links = links_by_account(number) if order.user_id else links_by_token(order_token(order))
        page = OrderPage(order, links)
        page.intents = intents_read(number)  # what was sent back of them is not shown here
        if not order.gives_something:
            page.handover = NOTHING
        if page.can_pay or order.status == OrderState.CANCELLED:
            return redirect(links.page)
        context = {"page": page, "is_guest": not order.user_id}
        return render(request, "oscar/checkout/thank_you.html", context)
