"""The page behind a payment link: what was put together for the customer, and the button that places it."""

from typing import Any

from django.core.signing import BadSignature
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from orders.checkout.changes import differences, snapshot
from orders.checkout.countries import address_lines
from orders.checkout.views import quote_rows
from orders.drafts.links import LinkOver, draft_of_token
from orders.drafts.models import Draft
from orders.drafts.page import things_of
from orders.drafts.selectors import draft_gaps, draft_price, payments_offered
from orders.drafts.services import draft_place
from orders.exceptions import CheckoutRefused
from orders.links import links_by_token, order_remember, order_token
from orders.models import Order, ShippingAddress
from orders.states import OrderState
from orders.views import see_other
from payments.exceptions import GatewayRefused, GatewayUnavailable
from payments.models import IntentState
from payments.selectors import intent_of_order
from payments.services import intent_open
from shop.core.locks import is_conflict
from shop.core.throttle import client_address
from supply.exceptions import OutOfStock

SHOWN_KEY = "draft_shown"


@method_decorator(never_cache, name="dispatch")
class DraftView(View):
    """GET shows it at today's prices; POST places it, once however often it is pressed."""

    def dispatch(self, request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.draft: Draft = draft_of_token(token)
        except BadSignature as error:
            raise Http404 from error
        except LinkOver:
            return render(request, "orders/draft_over.html", status=410)
        if self.draft.order is not None:
            return self._go_on(self.draft.order)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        method = request.POST.get("payment", "")
        try:
            order = draft_place(
                draft=self.draft,
                code=request.POST.get("code", "")[:60],
                payment_method=method,
                shown=request.POST.get(f"shown-{method}" if method else "shown", ""),
                network=client_address(request),
            )
        except OutOfStock:
            return self._show(refusal=_("Not everything of it is still there. Please ask us."))
        except CheckoutRefused as error:
            return self._show(refusal=error.message)
        except OperationalError as error:
            if not is_conflict(error):
                raise
            text = _("The shop is very busy. Please place your order once more.")
            return self._show(refusal=text)
        request.session.pop(SHOWN_KEY, None)
        return self._go_on(order)

    def _go_on(self, order: Order) -> HttpResponse:
        """To pay, or to the order. Whoever has the link may see it, as with the links in our mails."""
        order_remember(self.request, order)
        page = links_by_token(order_token(order)).page
        intent = intent_of_order(order.number)
        if order.status != OrderState.PENDING or intent is None:
            return redirect(page)
        try:
            intent = intent_open(intent=intent)
        except (GatewayUnavailable, GatewayRefused):
            return redirect(page)
        if intent.state == IntentState.OPEN and intent.pay_url and self.request.method == "POST":
            return see_other(intent.pay_url)
        return redirect(page)

    def _show(self, *, refusal: str = "") -> HttpResponse:
        price = draft_price(self.draft)
        quote = price.quote
        if quote is None or draft_gaps(self.draft, price):
            return render(self.request, "orders/draft_over.html", status=410)
        before = self.request.session.get(SHOWN_KEY, {})
        changes = differences(before, quote) if refusal else []
        self.request.session[SHOWN_KEY] = snapshot(quote)
        address = ShippingAddress(**self.draft.place) if price.is_sent else None
        context = {
            "draft": self.draft,
            "quote": quote,
            "code": price.code,
            "lines": things_of(quote),
            "totals": quote_rows(quote),
            "payments": payments_offered(price, is_office=False),
            "address": address_lines(address) if address else [],
            "promise": quote.shipping_method.promise() if address else None,
            "refusal": refusal,
            "changes": changes,
        }
        status = 409 if refusal else 200
        return render(self.request, "orders/draft.html", context, status=status)
