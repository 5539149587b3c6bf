"""What the team does with a return: each address takes one POST and calls one service."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep
from orders.returns import services
from orders.returns.amounts import proposal_of
from orders.returns.dashboard import forms
from orders.returns.dashboard.views import refund_form, return_detail
from orders.returns.models import Return
from orders.returns.states import Wish
from payments.exceptions import RefundTooLarge
from payments.models import Refund, RefundState
from payments.services import refund_send, refunds_of_key
from payments.wallets.kinds import AS_CREDIT
from shop.core.templatetags.money import money


def approve(request: HttpRequest, number: str) -> HttpResponse:
    back = _return(number)
    return _step(
        request,
        back,
        lambda: services.return_approve(back=back, user=request.user),
        _("Approved. The customer gets the address by mail."),
    )


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
    return _step(
        request,
        back,
        lambda: services.return_receive(back=back, user=request.user),
        _("It is here. Say what you find."),
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
    return get_object_or_404(Return.objects.select_related("order"), number=number)


def _step(
    request: HttpRequest, back: Return, service: Callable[[], Any], text: str
) -> HttpResponse:
    """Take it. Asked for twice, the second finds it done; somebody else was first, and says so."""
    try:
        is_new = service()
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
    else:
        text = _("The refund of %(amount)s is kept; the provider is asked again by itself.")
        messages.warning(request, text % {"amount": amount})
