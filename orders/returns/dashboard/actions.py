"""What the team does with a return: each address takes one POST and calls one service."""

import contextlib
import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.exceptions import ImpossibleStep
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import pdf_response
from orders.refunds.dashboard.views import by_hand_said
from orders.returns import services
from orders.returns.amounts import proposal_of
from orders.returns.dashboard import forms
from orders.returns.dashboard.views import refund_form, return_detail
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Return
from orders.returns.selectors import returns_read
from orders.returns.slip import slip_name, slip_pdf
from orders.returns.states import SENT_WITH_SLIP, ReturnState, Wish
from payments.exceptions import RefundTooLarge
from payments.models import Refund, RefundState
from payments.services import is_by_hand, refund_send, refunds_of_key
from payments.wallets.kinds import AS_CREDIT
from shop.core.templatetags.money import money

logger = logging.getLogger(__name__)


def approve(request: HttpRequest, number: str) -> HttpResponse:
    """With ``wish`` another one than was asked for: what cannot be exchanged is paid back."""
    back = _return(number)
    wish = request.POST.get("wish", "")
    wish = wish if wish in Wish.values else ""
    try:
        answer = _step(
            request,
            back,
            lambda: services.return_approve(back=back, user=request.user, wish=wish),
            _("Approved. The customer gets the address by mail."),
        )
    except ReturnRefused as error:
        messages.error(request, error.message)
        return redirect("dashboard:return-detail", number=number)
    if any(line.is_free for line in back.lines.all()):
        _label_quietly(back, request.user)
    return answer


def label(request: HttpRequest, number: str) -> HttpResponseBase:
    """The label for the way back: fetched by GET, made by POST."""
    back = _return(number)
    if request.method != "POST":
        if back.label is None or not back.label.pdf:
            raise Http404
        return pdf_response(bytes(back.label.pdf), name=f"label-{number}")
    try:
        services.return_label(back=back, user=request.user)
    except ImpossibleStep:
        return _meanwhile(request, back)
    except (CarrierRefused, CarrierUnavailable):
        messages.error(request, _("The carrier does not answer. Please try again soon."))
    else:
        messages.success(request, _("The label is made. The customer finds it on the page."))
    return redirect("dashboard:return-detail", number=number)


def slip(request: HttpRequest, number: str) -> HttpResponseBase:
    """The paper for the parcel, where the team prints it for a customer."""
    back = get_object_or_404(returns_read(), number=number)
    page = redirect("dashboard:return-detail", number=number)
    if back.state not in SENT_WITH_SLIP:
        messages.warning(
            request, _("There is a slip once the return is approved, until it is here.")
        )
        return page
    try:
        return pdf_response(slip_pdf(back), name=slip_name(back))
    except PrintingFailed:
        logger.exception("the slip of %s could not be printed", number)
        messages.error(request, _("It cannot be printed right now. Please try again soon."))
        return page


def exchange(request: HttpRequest, number: str) -> HttpResponse:
    """What came back pays for what was kept aside; a difference is asked for or sent back."""
    back = _return(number)
    try:
        back = services.return_exchange(back=back, user=request.user)
    except ReturnRefused as error:
        messages.error(request, error.message)
        return redirect("dashboard:return-detail", number=number)
    except ImpossibleStep:
        messages.error(request, _("The order in exchange has ended. Send the money back instead."))
        return redirect("dashboard:return-detail", number=number)
    if back.state != ReturnState.EXCHANGED:
        messages.info(
            request, _("The customer was asked for the difference. It goes on when it is here.")
        )
        return redirect("dashboard:return-detail", number=number)
    messages.success(request, _("Exchanged. The other order can be sent."))
    for made in refunds_of_key(f"return-{back.number}"):
        if not made.target:
            _tell(request, refund_send(refund=made))
    return redirect("dashboard:return-detail", number=number)


def refuse(request: HttpRequest, number: str) -> HttpResponse:
    back = _return(number)
    form = forms.RefuseForm(request.POST, auto_id="refuse_%s")
    if not form.is_valid():
        return return_detail(request, number, bound={"refuse_form": form})
    because = form.cleaned_data["because"]
    return _step(
        request,
        back,
        lambda: services.return_refuse(back=back, because=because, user=request.user),
        _("Refused. The customer gets your words by mail."),
    )


def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """It will not come, or need not come."""
    back = _return(number)
    form = forms.RefuseForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return return_detail(request, number, bound={"cancel_form": form})
    note = form.cleaned_data["because"]
    return _step(
        request,
        back,
        lambda: services.return_cancel(back=back, user=request.user, by_shop=True, note=note),
        _("Cancelled. The units may be asked for again."),
    )


def receive(request: HttpRequest, number: str) -> HttpResponse:
    back = _return(number)
    form = forms.ReceiveForm(request.POST, auto_id="receive_%s")
    place = form.cleaned_data.get("warehouse") if form.is_valid() else None
    return _step(
        request,
        back,
        lambda: services.return_receive(back=back, user=request.user, warehouse=place),
        _("It is here. Say what you find."),
    )


def repair(request: HttpRequest, number: str) -> HttpResponse:
    back = _return(number)
    return _step(
        request,
        back,
        lambda: services.return_repair(back=back, user=request.user),
        _("It is in repair. The customer gets a mail."),
    )


def repaired(request: HttpRequest, number: str) -> HttpResponse:
    """It goes back to the customer."""
    back = _return(number)
    form = forms.RepairedForm(request.POST, auto_id="repaired_%s")
    if not form.is_valid():
        return return_detail(request, number, bound={"repaired_form": form})
    return _step(
        request,
        back,
        lambda: services.return_repaired(back=back, user=request.user, **form.cleaned_data),
        _("Noted. The customer knows that it comes."),
    )


def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """What was found, line by line; good units are on the shelf with it."""
    back = _return(number)
    lines = back.lines.select_related("order_line__product__parent").order_by("pk")
    form = forms.InspectForm(request.POST, lines=lines, auto_id="inspect_%s")
    if not form.is_valid():
        return return_detail(request, number, bound={"inspect_form": form})
    note = form.cleaned_data["note"]
    return _step(
        request,
        back,
        lambda: services.return_inspect(
            back=back, found=form.found(), user=request.user, note=note
        ),
        _("Noted. What is as new is on the shelf."),
    )


def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Write the refund, then ask the provider. A second submit finds it paid."""
    back = _return(number)
    form = refund_form(back, proposal_of(back), request.POST)
    if not form.is_valid():
        return return_detail(request, number, bound={"refund_form": form})
    try:
        back = services.return_refund(
            back=back,
            amount=form.cleaned_data["amount"],
            user=request.user,
            as_credit=form.cleaned_data.get("to") == Wish.CREDIT,
        )
    except ImpossibleStep:
        return _meanwhile(request, back)
    except RefundTooLarge:
        form.add_error("amount", _("This is more than the calculation allows."))
        return return_detail(request, number, bound={"refund_form": form})
    if back.state != ReturnState.REFUNDED:
        messages.warning(request, _("This is above your limit and waits for a colleague."))
        return redirect("dashboard:return-detail", number=number)
    for made in refunds_of_key(back.refund.key):
        _tell(request, refund_send(refund=made))
    return redirect("dashboard:return-detail", number=number)


def close(request: HttpRequest, number: str) -> HttpResponse:
    back = _return(number)
    form = forms.CloseForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return return_detail(request, number, bound={"close_form": form})
    note = form.cleaned_data["because"]
    return _step(
        request,
        back,
        lambda: services.return_close(back=back, user=request.user, note=note),
        _("Closed. The customer gets your words by mail."),
    )


def _return(number: str) -> Return:
    return get_object_or_404(Return.objects.select_related("order", "label"), number=number)


def _label_quietly(back: Return, user: Any) -> None:
    """Where we pay the way; without an answer the customer makes it on the page."""
    with contextlib.suppress(CarrierRefused, CarrierUnavailable, ImpossibleStep):
        services.return_label(back=_return(back.number), user=user)


def _step(
    request: HttpRequest, back: Return, service: Callable[[], Any], text: str
) -> HttpResponse:
    """Take it. Asked for twice, the second finds it done; somebody else was first, and says so."""
    try:
        is_new = service()
    except ReturnRefused:
        raise
    except ImpossibleStep:
        return _meanwhile(request, back)
    if is_new:
        messages.success(request, text)
    else:
        messages.info(request, _("That was done already."))
    return redirect("dashboard:return-detail", number=back.number)


def _meanwhile(request: HttpRequest, back: Return) -> HttpResponse:
    back.refresh_from_db()
    text = _("This cannot be done now: the return is “%(state)s”.")
    messages.error(request, text % {"state": back.get_state_display()})
    return redirect("dashboard:return-detail", number=back.number)


def _tell(request: HttpRequest, made: Refund) -> None:
    amount = money(made.amount, made.intent.currency)
    if made.state == RefundState.DONE and made.target == AS_CREDIT:
        messages.success(request, _("%(amount)s is store credit now.") % {"amount": amount})
    elif made.state == RefundState.DONE:
        messages.success(request, _("%(amount)s is on its way back.") % {"amount": amount})
    elif made.state == RefundState.REFUSED:
        text = _("The provider refused to send %(amount)s back: %(error)s")
        messages.error(request, text % {"amount": amount, "error": made.last_error})
    elif is_by_hand(made):
        messages.info(request, by_hand_said(made))
    else:
        text = _("The refund of %(amount)s is kept; the provider is asked again by itself.")
        messages.warning(request, text % {"amount": amount})
