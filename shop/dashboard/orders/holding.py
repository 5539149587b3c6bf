"""Telling an order to wait and to go on, from its page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep
from orders.life.holds import order_hold, order_release
from orders.life.models import HoldReason
from orders.life.selectors import hold_of
from shop.core.office import may
from shop.dashboard.orders import forms
from shop.dashboard.orders.actions import back, order_or_404, refused
from shop.dashboard.orders.steps import is_for_fraud
from shop.dashboard.orders.views import order_detail


def hold(request: HttpRequest, number: str) -> HttpResponse:
    order = order_or_404(number)
    form = forms.HoldForm(request.POST, auto_id="hold_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"hold_form": form})
    reason = HoldReason(form.cleaned_data["reason"])
    try:
        is_new = order_hold(
            order=order, reason=reason, words=form.cleaned_data["words"], user=request.user
        )
    except ImpossibleStep as error:
        return refused(request, order, error)
    if is_new:
        messages.success(request, _("On hold. It is neither packed nor shipped until released."))
    else:
        messages.info(request, _("This order is on hold already."))
    return back(order)


def release(request: HttpRequest, number: str) -> HttpResponse:
    order = order_or_404(number)
    hold = hold_of(order)
    if hold and is_for_fraud(order, hold) and not may(request.user, "fraud-approve", "POST"):
        text = _(
            "This order waits for a fraud check. Who may decide about it does so in “Fraud checks”."
        )
        messages.error(request, text)
        return back(order)
    form = forms.ReleaseForm(request.POST, auto_id="release_%s")
    if not form.is_valid():
        return order_detail(request, number, bound={"release_form": form})
    if order_release(order=order, words=form.cleaned_data["words"], user=request.user):
        messages.success(request, _("Released. It goes on."))
    else:
        messages.info(request, _("Nothing holds this order."))
    return back(order)
