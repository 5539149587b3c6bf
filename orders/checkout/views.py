"""The checkout: who you are, where to, how, and the one step that places the order."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from catalog.delivery import country_chosen
from orders.basket.models import Basket
from orders.checkout.changes import Shortage, basket_fit, differences, shortages, snapshot
from orders.checkout.countries import address_lines
from orders.checkout.rows import basket_lines, quote_rows, step_links
from orders.checkout.state import CheckoutState, choices_made
from orders.checkout.tenders import tender_choices, tender_words
from orders.exceptions import CheckoutRefused
from orders.links import (
    order_path,
    order_remember,
    thanks_path,
)
from orders.models import Order
from orders.quotes import Quote, can_pay_with, gateways_for
from orders.selectors import order_of_basket
from orders.services import Checkout, order_place
from orders.shipping.repository import POINT
from orders.states import OrderState
from orders.views import forward
from payments.wallets.forms import CodeForm
from promotions.prepared import site_offers_forget
from shop.core.addresses import go
from shop.core.handler import request_moved
from shop.core.locks import is_conflict
from shop.core.throttle import client_address
from supply.exceptions import OutOfStock

FORM_SALT = "orders.checkout.form"


class StepView(View):
    """One step. Sends the visitor back to the first step that still lacks something."""

    name = ""  # of its URL
    number = 1
    template_name = ""
    order = ("basket:summary", "checkout:index", "checkout:shipping-address")
    order += ("checkout:invoice-address", "checkout:shipping-method", "checkout:preview")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.state = CheckoutState(request)
        self.look()
        gap = self.state.gap()
        if gap and self.order.index(gap) < self.order.index(self.name):
            return self.sent_back(gap)
        return super().dispatch(request, *args, **kwargs)

    def look(self) -> None:
        """What the step has to know of the basket before all else: its lines, whatever is sent."""
        self.request.basket_is_shown = True

    def sent_back(self, gap: str) -> HttpResponse:
        if gap == "basket:summary":
            messages.info(self.request, _("Your basket is empty."))
        return go(gap)

    def next_step(self) -> HttpResponse:
        gap = self.state.gap()
        return go(gap) if gap else PlaceView.at_once(self.request)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        steps = step_links(is_member=bool(self.state.user), is_sent=self.state.needs_shipping)
        frame = {
            "state": self.state,
            "steps": steps,
            "current_step": min(self.number, len(steps)),
            "lines": basket_lines(self.state.basket),
            "goods": self.state.basket.shown_total,
        }
        return render(self.request, self.template_name, {**frame, **context}, status=status)


class DeliveryView(StepView):
    """The methods that serve the address, each with its price and its day.

    The usual one is chosen beforehand, so nobody has to come by here.
    """

    name = "checkout:shipping-method"
    number = 2
    template_name = "oscar/checkout/delivery.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.state.needs_shipping:
            return go("checkout:preview")
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("method", "")
        if code not in self.state.delivery_codes:
            return self._show(error=_("Please choose how we send your parcel."), status=422)
        self.state.data.use_shipping_method(code)
        return self.next_step()

    def _show(self, *, error: str = "", status: int = 200) -> HttpResponse:
        choices = self.state.deliveries()
        chosen = self.state.shipping_code or (choices[0].code if choices else "")
        return self.show(choices=choices, chosen=chosen, error=error, status=status)


class PlaceView(StepView):
    """Everything once more, the way to pay, and the button that places the order.

    The form carries a signed fingerprint of exactly what the page says and the ways to pay on it. When
    something changed, the page comes again with 409, says what, and nothing typed is lost.
    """

    name = "checkout:preview"
    number = 2
    template_name = "oscar/checkout/place.html"

    @classmethod
    def at_once(cls, request: HttpRequest) -> HttpResponse:
        """The page as the answer to the form before it, instead of a redirect to it.

        A script puts its address into the bar (own_address.js), so that a reload does not send the form again;
        and without scripts sending it twice is the same as sending it once.
        """
        page = cls()
        page.setup(request)
        request_moved(request, cls.name)
        page.state = CheckoutState(request)
        answer = page._show()
        answer["Content-Location"] = request.path
        return answer

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and (order := self._placed_before(request)):
            order_remember(request, order)
            return self._go_on(order)
        return super().dispatch(request, *args, **kwargs)

    def look(self) -> None:
        if self.request.method == "POST":
            self.state.glance()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        method = request.POST.get("payment", "")
        is_free = "shown" in request.POST  # by its page; whether it still is, placing finds out
        currency, is_all_sent = self.state.bare.currency, self.state.is_all_sent
        if not is_free and not can_pay_with(method, currency, is_all_sent=is_all_sent):
            return self._show(error=_("Please choose how you want to pay."), status=422)
        try:
            order = order_place(checkout=self._checkout("" if is_free else method))
        except OutOfStock:
            return self._refused(_("Not everything in your basket is still there."))
        except CheckoutRefused as error:
            return self._refused(error.message)
        except OperationalError as error:
            if not is_conflict(error):
                raise
            return self._refused(_("The shop is very busy. Please place your order once more."))
        order_remember(request, order)
        self.state.finish()
        if not order.user_id:
            self._basket_is_over()
        return self._go_on(order)

    def _checkout(self, method: str) -> Checkout:
        basket = self.state.bare
        return Checkout(
            basket_id=basket.pk,
            email=self.state.email,
            language=get_language() or "en",
            shipping_code=self.form_sent.get("delivery") or self.state.shipping_code,
            payment_method=method,
            shown=self.request.POST.get(f"shown-{method}" if method else "shown", ""),
            user=self.state.user,
            network=client_address(self.request),
            currency=basket.currency,
            country=country_chosen(self.request),
            wallet_ids=self.state.wallet_ids,
            shipping_fields=self.state.shipping_fields or {},
            invoice_fields=self.state.invoice_fields,
        )

    @cached_property
    def form_sent(self) -> dict[str, Any]:
        """What the page of this form said, signed by us: its basket, delivery and sums. Empty if altered."""
        try:
            return signing.loads(self.request.POST.get("basket", ""), salt=FORM_SALT)
        except signing.BadSignature:
            return {}

    def _placed_before(self, request: HttpRequest) -> Order | None:
        """A second click, or the back button: the basket of this form has its order already."""
        basket = self.form_sent.get("basket")
        is_guest = not request.user.is_authenticated
        if basket is None or (is_guest and basket == request.basket_bare().pk):
            return None  # it is open still, and whoever was quicker is found under its lock
        order = order_of_basket(basket)
        return order if order and order.user_id == request.user.pk else None

    def _basket_is_over(self) -> None:
        """The guest's next page looks for no basket: that of the cookie has its order."""
        self.request.cookies_to_delete.append(settings.OSCAR_BASKET_COOKIE_OPEN)
        self.request.basket = Basket()  # none that the middleware would write a cookie for

    def _go_on(self, order: Order) -> HttpResponse:
        if order.status == OrderState.PENDING:
            return forward(self.request, order)
        if order.status == OrderState.PAID:
            return HttpResponseRedirect(thanks_path(order.number))
        return redirect(order_path(self.request, order))

    def _refused(self, message: str) -> HttpResponse:
        site_offers_forget()  # or the page might say once more what placing has just refused
        self.state.bare.reset_offer_applications()  # its lines are read anew
        self.state = CheckoutState(self.request)
        return self._show(refusal=message, status=409)

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        quote = self.state.quote()
        if quote is None:
            return go("checkout:shipping-method")
        others = [
            one
            for one in quote.shipping_methods
            if one.code != quote.shipping_method.code and not one.code.startswith(POINT)
        ]
        now = {
            "basket": quote.basket.pk,
            "delivery": quote.shipping_method.code,
            "sums": snapshot(quote),
        }
        before = self.form_sent.get("sums") if status == 409 else None
        short: list[Shortage] = shortages(quote.basket)
        address, billed = self.state.address, self.state.invoice_address
        return self.show(
            quote=quote,
            form_key=signing.dumps(now, salt=FORM_SALT),
            payments=self._payments(quote),
            chosen=self.request.POST.get("payment", ""),
            address=address_lines(address) if address else [],
            invoice=address_lines(billed) if billed else [],
            promise=quote.shipping_method.promise(),
            other_ways=choices_made(others, quote.basket),
            totals=quote_rows(quote),
            **self._tenders(quote),
            changes=differences(before, quote) if before else [],
            shortages=short,
            status=status,
            **{"code_form": CodeForm(), **context},
        )

    def _tenders(self, quote: Quote) -> dict[str, Any]:
        ids = self.state.wallet_ids
        user_id = self.state.user.pk if self.state.user else None
        return {
            "tenders": tender_choices(quote, user_id=user_id, wallet_ids=ids),
            "tender_words": tender_words(quote),
        }

    def _payments(self, quote: Quote) -> list[dict[str, str]]:
        """Each way to pay, with the fingerprint that placing needs."""
        offered = gateways_for(quote.basket) if quote.to_pay else []
        shown = quote.fingerprint_of(gateway.code for gateway in offered) if offered else ""
        return [
            {
                "code": gateway.code,
                "label": str(gateway.label),
                "help": str(gateway.help),
                "icon": gateway.icon,
                "shown": shown,
            }
            for gateway in offered
        ]


class FitView(View):
    """Take the basket down to what is there, all lines in one go, and look again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        basket = request.basket_bare()
        if not basket.is_empty:
            basket_fit(basket)
        messages.info(request, _("Your basket now holds what we have. Please check and confirm."))
        return go("checkout:preview")
