"""What an operator does with an order: each address takes one POST and calls one service."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders import services
from orders.exceptions import EditRefused, ImpossibleStep, NotPaid, OnHold, StepRefused
from orders.life.models import Source
from orders.models import Order
from orders.refunds.dashboard.views import refunds_send_and_tell
from orders.refunds.exceptions import RequestRefused
from orders.refunds.services import refund_ask
from orders.states import OrderState
from payments import exceptions as payment_errors
from payments import services as payment_services
from payments.bank import services as bank_services
from payments.selectors import intent_of_order, intents_in_short
from shop.core import outbox
from shop.core.money import shown
from shop.dashboard.orders import forms
from shop.dashboard.orders.services import order_note_add
from shop.dashboard.orders.steps import boxes_here
from shop.dashboard.orders.views import order_detail
from supply.exceptions import StockMismatch

logger = logging.getLogger(__name__)


def pack(request: HttpRequest, number: str) -> HttpResponse:
    return _step(request, number, services.order_pack, (OrderState.PACKED,), _("Packed."))


def unpack(request: HttpRequest, number: str) -> HttpResponse:
    done = (OrderState.PAID, OrderState.PENDING)  # pending: to be paid at the door
    return _step(request, number, services.order_unpack, done, _("Unpacked."))


def deliver(request: HttpRequest, number: str) -> HttpResponse:
    return _step(request, number, services.order_deliver, (OrderState.DELIVERED,), _("Delivered."))


def ship(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the parcel to a carrier. The same tracking number twice is the same parcel."""
    order = order_or_404(number)
    form = forms.ShipForm(request.POST, boxes=boxes_here(order), auto_id="ship_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"ship_form": form})
    data = form.cleaned_data
    chosen = data.pop("parcel")
    parcel = order.shipments.filter(pk=chosen).first() if chosen else None
    try:
        if parcel is not None:
            services.parcel_ship(parcel=parcel, user=request.user, **data)
        else:
            services.order_ship(order=order, user=request.user, **data)
    except (ImpossibleStep, StockMismatch) as error:
        return refused(request, order, error)
    messages.success(request, _("Shipped. The customer gets the tracking number by mail."))
    return back(order)


def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel before it leaves; what was paid goes back."""
    order = order_or_404(number)
    form = forms.CancelForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"cancel_form": form})
    try:
        is_new = services.order_cancel(
            order=order,
            reason=form.cleaned_data["reason"],
            user=request.user,
            source=Source.OFFICE,
        )
    except ImpossibleStep as error:
        return refused(request, order, error)
    if is_new:
        messages.success(request, _("Cancelled. The units are back on the shelf."))
    else:
        messages.info(request, _("This order was cancelled already."))
    return back(order)


def rest_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """What has not left is not to be sent any more; what was paid for it goes back."""
    order = order_or_404(number)
    form = forms.RestForm(request.POST, auto_id="rest_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"rest_form": form})
    try:
        is_new = services.order_rest_cancel(order=order, user=request.user, source=Source.OFFICE)
    except EditRefused as error:
        messages.error(request, error.message)
        return back(order)
    except ImpossibleStep as error:
        return refused(request, order, error)
    if is_new:
        messages.success(request, _("The rest is cancelled. The customer is told by mail."))
    else:
        messages.info(request, _("Nothing of it waits any more."))
    return back(order)


def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for an amount of it back. A second submit of the same page is the same request."""
    order = order_or_404(number)
    form = forms.RefundForm(request.POST, auto_id="refund_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"refund_form": form})
    data = form.cleaned_data
    try:
        asked = refund_ask(
            order=order,
            amount=data["amount"],
            reason=data["reason"],
            key=data["key"],
            user=request.user,
        )
    except RequestRefused as error:
        form.add_error("amount", error.message)
        return order_detail(request, number, bound={"refund_form": form})
    refunds_send_and_tell(request, asked)
    return back(order)


def payment_book(request: HttpRequest, number: str) -> HttpResponse:
    """A transfer or the courier's cash has come, all of it: to let go the rest is a right of its own."""
    order = order_or_404(number)

    def book(intent) -> str:
        bank_services.payment_book(intent=intent, user=request.user)
        outbox.relay()
        return _("The payment is booked.")

    return _with_intent(request, order, book)


def payment_refresh(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the provider how the payment stands."""
    order = order_or_404(number)

    def refresh(intent) -> str:
        moved = payment_services.intent_refresh(intent=intent, source="operator")
        outbox.relay()
        return _("The provider says: %(state)s.") % {"state": moved.get_state_display()}

    return _with_intent(request, order, refresh)


def rest_ask(request: HttpRequest, number: str) -> HttpResponse:
    """An authorisation ended before all had left: ask for what is missing by a link."""
    order = order_or_404(number)
    try:
        intent = services.rest_ask(order=order, user=request.user)
    except StepRefused as refusal:
        messages.error(request, refusal.message)
        return back(order)
    outbox.relay()
    amount = shown(intent.amount, intent.currency, get_language() or "en")
    messages.success(request, _("Asked for %(amount)s by a link.") % {"amount": amount})
    return back(order)


def note(request: HttpRequest, number: str) -> HttpResponse:
    order = order_or_404(number)
    form = forms.NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"note_form": form})
    if order_note_add(order=order, user=request.user, **form.cleaned_data):
        messages.success(request, _("Noted."))
    else:
        messages.info(request, _("This note is there already."))
    return back(order)


def _step(
    request: HttpRequest, number: str, service: Callable, done: tuple[str, ...], text: str
) -> HttpResponse:
    """One step without a form. Asked for twice, the second finds it done and says so."""
    order = order_or_404(number)
    try:
        service(order=order, user=request.user, source=Source.OFFICE)
    except ImpossibleStep as error:
        order.refresh_from_db()
        if order.status not in done:
            return refused(request, order, error)
    messages.success(request, text)
    return back(order)


def _with_intent(request: HttpRequest, order: Order, step: Callable) -> HttpResponse:
    """Take it with the payment that the form names, or with the one that stands for the order."""
    named = request.POST.get("intent", "")
    intent = intent_of_order(order.number)
    if named.isascii() and named.isdigit():
        intent = intents_in_short(order.number).filter(pk=named[:18]).first()
    if intent is None:
        messages.error(request, _("This order has no payment."))
        return back(order)
    try:
        messages.success(request, step(intent))
    except payment_errors.GatewayUnavailable:
        text = _("The provider does not answer. Nothing is lost; try again in a minute.")
        messages.warning(request, text)
    except payment_errors.PaymentShort:
        text = _(
            "Only a part of this transfer has come; nothing was booked. The rest comes with another line "
            "of the statement, or is written off on the page of the payment by who may do that."
        )
        messages.error(request, text)
    except payment_errors.PaymentError as error:
        logger.info("order %s: %s", order.number, error)
        messages.error(request, _("The payment cannot take this step as it stands."))
    return back(order)


def refused(request: HttpRequest, order: Order, error: Exception) -> HttpResponse:
    """Somebody was faster, or the page was old: say how the order stands now."""
    logger.info("order %s: %s", order.number, error)
    order.refresh_from_db()
    if isinstance(error, NotPaid):
        messages.error(request, error.message)
        return back(order)
    if isinstance(error, OnHold):
        messages.error(request, _("This order is on hold. Release it first; nothing was changed."))
        return back(order)
    state = OrderState(order.status).label
    text = _("That is not possible: the order is now “%(state)s”. Nothing was changed.")
    messages.error(request, text % {"state": state})
    return back(order)


def order_or_404(number: str) -> Order:
    return get_object_or_404(Order, number=number)


def back(order: Order) -> HttpResponse:
    return redirect("dashboard:order-detail", number=order.number)
