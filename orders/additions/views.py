"""The page behind the payment link: what was added, until when it waits, and the ways to pay for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from orders.additions.services import addition_pay, ways_to_pay
from orders.links import order_remember
from orders.views import OrderView, payment_unreachable, see_other
from payments.exceptions import GatewayRefused, GatewayUnavailable
from payments.models import IntentState
from payments.services import intent_open


@method_decorator(never_cache, name="dispatch")
class AdditionView(OrderView):
    """GET shows it; POST leads to the provider, to the same payment however often it is pressed."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if self.page.addition is None:
            messages.info(request, _("Nothing waits to be paid any more."))
            return redirect(self.links.page)
        context = {
            "page": self.page,
            "payments": [
                {"code": one.code, "label": one.label, "help": one.help, "icon": one.icon}
                for one in ways_to_pay(self.order)
            ],
        }
        return render(request, "orders/addition.html", context)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        code = request.POST.get("payment", "")[:40]
        intent = addition_pay(order=self.order, gateway_code=code)
        if intent is None:
            messages.info(request, _("Nothing waits to be paid any more."))
            return redirect(self.links.page)
        if not request.user.is_authenticated:
            order_remember(request, self.order)  # whoever has the link comes back to it
        try:
            intent = intent_open(intent=intent)
        except (GatewayUnavailable, GatewayRefused):
            messages.error(request, payment_unreachable())
            return redirect(self.links.addition)
        if intent.state != IntentState.OPEN or not intent.pay_url:
            return redirect(self.links.page)
        return see_other(intent.pay_url)
