"""An order's own pages, for whoever may see it, and the way back from the payment page."""

from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, SignatureExpired
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from orders import services
from orders.additions.services import ways_to_pay
from orders.checkout.thanks import thanks_here
from orders.coming_back import Settled, payment_settle
from orders.exceptions import ImpossibleStep
from orders.forms import FindOrderForm
from orders.life.forms import CustomerMessageForm
from orders.life.messages import message_receive
from orders.life.models import Source
from orders.links import (
    OrderLinks,
    links_by_account,
    links_by_token,
    number_of_token,
    order_is_theirs,
    order_path,
    order_token,
    order_was_placed_here,
    thanks_path,
)
from orders.models import Order
from orders.pages import OrderPage
from orders.selectors import (
    order_can_be_paid,
    order_is_enjoyed,
    order_of_number,
    order_thanked,
    order_thanked_now,
)
from orders.states import CancelReason, OrderState
from payments.exceptions import GatewayRefused, GatewayUnavailable
from payments.gateways import Gateway
from payments.models import IntentState, PaymentIntent, is_addition
from payments.selectors import WAITS, intent_of_key, intent_shown, intents_read, standing
from payments.services import intent_open
from shop.core import outbox
from shop.core.events import OrderLinkAsked
from shop.core.throttle import Throttle, client_address

MESSAGES_PER_ADDRESS = Throttle("order-message-address", limit=30, seconds=3600)
MESSAGES_PER_ORDER = Throttle("order-message-number", limit=10, seconds=3600)
LOOK_UPS_PER_ADDRESS = Throttle("order-find-address", limit=20, seconds=3600)
LOOK_UPS_PER_ORDER = Throttle("order-find-number", limit=5, seconds=3600)


class LinkExpired(Exception):
    """The link was good once."""


class OrderView(View):
    """Finds the order behind a signed link. `crm.customer` finds it in the account instead."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            order, self.links = self.find(**kwargs)
        except LinkExpired:
            context = {"form": FindOrderForm(), "is_expired": True}
            return render(request, "orders/find.html", context, status=410)
        self.page = OrderPage(order, self.links)
        self.order = order
        return super().dispatch(request, *args, **kwargs)

    def find(self, *, token: str) -> tuple[Order, OrderLinks]:
        """Raises ``LinkExpired``, or ``Http404`` for a link that is not ours."""
        try:
            number = number_of_token(token)
        except SignatureExpired as error:
            raise LinkExpired from error
        except BadSignature as error:
            raise Http404 from error
        order = order_of_number(number)
        if order is None:
            raise Http404
        return order, links_by_token(token)


class ShowView(OrderView):
    """The order. With ``?checking`` the payment page was left and the bank has not answered yet."""

    template_name = "orders/order.html"

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(request, CustomerMessageForm())

    def show(
        self, request: HttpRequest, message_form: CustomerMessageForm, *, status: int = 200
    ) -> HttpResponse:
        asked = "checking" in request.GET and self.page.can_pay
        context = {
            "page": self.page,
            "is_checking": asked or self.page.is_being_booked,
            "message_form": message_form,
            "other_ways": self._other_ways(),
        }
        return render(request, self.template_name, {**context, **self.frame()}, status=status)

    def _other_ways(self) -> list[Gateway]:
        """How it can be paid beside the way that was begun."""
        intent = self.page.intent
        if intent is None or not self.page.can_pay or self.order.status != OrderState.PENDING:
            return []
        return [one for one in ways_to_pay(self.order) if one.code != intent.gateway]

    def frame(self) -> dict:
        """What the surrounding page needs; the account has its own."""
        return {}


class MessageView(ShowView):
    """What the customer writes; kept once however often it is sent."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = CustomerMessageForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        is_calm = MESSAGES_PER_ADDRESS.allows(client_address(request))
        if not (is_calm and MESSAGES_PER_ORDER.allows(self.order.number)):
            form.add_error(None, _("That was a lot of messages. Please wait an hour."))
            return self.show(request, form, status=429)
        message_receive(
            order=self.order,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"],
            user=request.user if request.user.is_authenticated else None,
        )
        messages.success(request, _("We have your message and answer here and by mail."))
        return redirect(f"{self.links.page}#talk")


class StatusView(OrderView):
    """Asked every few seconds while the bank is silent; tells the page when to load itself anew."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if self.order.status == OrderState.PENDING:
            return HttpResponse(status=204)
        answer = HttpResponse()
        answer["HX-Redirect"] = self.links.page
        return answer


class PayView(OrderView):
    """To the payment page. What was paid meanwhile is noticed first.

    POST ``payment``, a gateway's code: from now on that way, whatever was begun before.
    """

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        intent = self.page.intent
        if intent is None or not self.page.can_pay:
            return redirect(self.links.page)
        code = request.POST.get("payment", intent.gateway)[:40]
        try:
            if code != intent.gateway:
                intent = self._otherwise(intent, code)
            if intent is None:
                messages.info(request, _("Please choose how you want to pay."))
                return redirect(self.links.page)
            intent = payment_settle(intent_open(intent=intent)).intent
        except (GatewayUnavailable, GatewayRefused):
            messages.error(request, payment_unreachable())
            return redirect(self.links.page)
        if intent.state != IntentState.OPEN or not intent.pay_url:
            return redirect(self.links.page)
        return see_other(intent.pay_url)

    def _otherwise(self, intent: PaymentIntent, code: str) -> PaymentIntent | None:
        """The payment by that way; the one that was begun if that is paid. None: there is no such way."""
        if (settled := _settled(intent)) and settled.intent.state not in WAITS:
            return settled.intent
        return services.order_pay_with(order=self.order, gateway_code=code)


class CancelView(OrderView):
    """Asks first; then ends the order and sends the money back."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if not self.page.can_cancel:
            return self._too_late()
        return render(request, "orders/cancel.html", {"page": self.page})

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if not self.page.can_cancel:
            return self._too_late()
        user = request.user if request.user.is_authenticated else None
        try:
            services.order_cancel(
                order=self.order,
                reason=CancelReason.CUSTOMER,
                user=user,
                source=Source.SHOPPER,
            )
        except ImpossibleStep:
            return self._too_late()
        messages.success(request, _("Your order is cancelled."))
        return redirect(self.links.page)

    def _too_late(self) -> HttpResponse:
        if order_is_enjoyed(self.order):
            text = _("Something of it was used already. Answer any of our mails and we find a way.")
            messages.warning(self.request, text)
        elif self.order.status != OrderState.CANCELLED:
            messages.warning(
                self.request, _("It is too late to cancel: the parcel is already being made.")
            )
        return redirect(self.links.page)


class ReceivedView(OrderView):
    """The receiver says that it has arrived, where the carrier has not or never will."""

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        if not self.page.can_be_received and self.order.status != OrderState.DELIVERED:
            messages.warning(request, _("This cannot be said of this order now."))
            return redirect(self.links.page)
        try:
            services.order_deliver(order=self.order, user=user, source=Source.SHOPPER)
        except ImpossibleStep:
            messages.warning(request, _("This cannot be said of this order now."))
        else:
            messages.success(request, _("Thank you. We are glad that it has arrived."))
        return redirect(self.links.page)


class FindView(View):
    """Number and e-mail; the link goes out by mail, and the answer is always the same."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "orders/find.html", {"form": FindOrderForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindOrderForm(request.POST)
        if not form.is_valid():
            return render(request, "orders/find.html", {"form": form}, status=422)
        if not LOOK_UPS_PER_ADDRESS.allows(client_address(request)):
            form.add_error(None, _("That was a lot of tries. Please wait an hour, or write to us."))
            return render(request, "orders/find.html", {"form": form}, status=429)
        number = form.cleaned_data["number"]
        if LOOK_UPS_PER_ORDER.allows(number):
            asked = OrderLinkAsked(
                order_number=number,
                email=form.cleaned_data["email"],
                language=get_language() or "en",
            )
            with transaction.atomic():
                outbox.emit(asked)
        return redirect("orders:find-sent")


@require_safe
def find_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/find_sent.html")


@require_safe
def payment_return(request: HttpRequest, key: UUID) -> HttpResponse:
    """Back from the payment page: ask the provider, book the answer at once, show the order.

    The same function as the webhook's and the reconciler's does the work, so it does not matter
    who comes first. The order is shown to the browser that placed it; others need their link. Where it is
    paid the thanks are said here, since to be sent on to them is a whole request more.
    """
    intent = intent_of_key(key)
    if intent is None:
        raise Http404
    settled = _settled(intent)
    answered = settled is not None
    is_fresh = settled is not None and settled.order is not None
    order = settled.order if settled else None
    order = order or order_thanked(intent.order_number)
    if order is None:
        raise Http404
    with translation.override(intent.language):
        if not order_is_theirs(request, order):
            if order_was_placed_here(request, order):  # by a payment link, without signing in
                page = links_by_token(order_token(order)).page
                return redirect(page if answered else f"{page}?checking")
            if request.user.is_authenticated:
                raise Http404
            if order.user_id:
                return redirect(links_by_account(order.number).page)
            messages.info(request, _("Open your order with the link in our mail, or find it here."))
            return redirect("orders:find")
        if is_addition(intent):
            return _back_with_addition(request, order, intent)
        intents = settled.intents if settled else None
        if intents is None or len(intents) > 1:  # others may have been ended with it
            intents = intents_read(order.number)
        # The webhook may have come first; then the order hears of its money a moment after us.
        if order.status == OrderState.PAID or standing(intents).covered >= order.total_incl_tax:
            if is_fresh and order.user_id:
                order.user = request.user  # whose it is
            return thanks_here(request, order_thanked_now(order) if is_fresh else order, intents)
        if not answered:
            return redirect(f"{order_path(request, order)}?checking")
        if order_can_be_paid(order, intent_shown(intents)):
            messages.info(request, _("You came back without paying. Nothing was charged."))
        return redirect(order_path(request, order))


def _back_with_addition(request: HttpRequest, order: Order, intent: PaymentIntent) -> HttpResponse:
    intent.refresh_from_db()
    if intent.state == IntentState.CAPTURED:
        messages.success(request, _("Thank you. What was added is paid, and leaves with the rest."))
    else:
        messages.info(request, _("You came back without paying. Nothing was charged."))
    return redirect(order_path(request, order))


def forward(request: HttpRequest, order: Order) -> HttpResponse:
    """Where a shopper goes after placing: to pay, or to the thanks. The order is committed."""
    pages: list[str] = []
    made = order.payments_made
    try:
        for one in reversed(intents_read(order.number)) if made is None else made:
            intent = intent_open(intent=one)
            if intent.state == IntentState.OPEN and intent.pay_url:
                pages.append(intent.pay_url)
    except (GatewayUnavailable, GatewayRefused):
        messages.error(request, payment_unreachable())
        return redirect(order_path(request, order))
    if pages:
        return see_other(pages[0])
    return HttpResponseRedirect(thanks_path(order.number))


def payment_unreachable() -> str:
    return _(
        "The payment page cannot be reached right now. Your order is not paid yet; "
        "your things are kept aside. Please try again in a minute."
    )


def see_other(url: str) -> HttpResponse:
    """303: whatever was posted, the next page is fetched."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _settled(intent: PaymentIntent) -> Settled | None:
    """What the provider said is booked before this returns; None: it did not answer."""
    try:
        return payment_settle(intent)
    except (GatewayUnavailable, GatewayRefused):
        return None
