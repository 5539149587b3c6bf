"""What the team begins for a customer: a return, or a parcel sent again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep, StepRefused
from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.returns import services
from orders.returns.exceptions import ReturnRefused
from orders.returns.forms import ReturnForm
from orders.returns.selectors import returnables_of
from shop.core.redirects import next_path

MAX_ID = 2**63 - 1


def return_start(request: HttpRequest, number: str) -> HttpResponse:
    """The form of the shopper, for any reason and on any day; approved at once if that is ticked."""
    order = get_object_or_404(Order.objects.select_related("facts", "user"), number=number)
    able: dict[str, Any] = {"lines": returnables_of(order), "is_any_day": True}
    able["is_member"] = order.user_id is not None
    if request.method != "POST":
        return _page(request, order, ReturnForm(**able))
    form = ReturnForm(request.POST, request.FILES, **able)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        back = services.return_ask(
            order=order,
            wanted=form.wanted(),
            key=form.cleaned_data["key"],
            photos=form.cleaned_data["photos"],
            language=order.facts.language,
            user=request.user,
            wish=form.cleaned_data["wish"],
            by_shop=True,
        )
    except ReturnRefused as error:
        form.add_error(None, error.message)
        return _page(request, order, form, status=422)
    if "approve" in request.POST:
        try:
            services.return_approve(back=back, user=request.user)
        except ReturnRefused as error:
            messages.error(request, error.message)
        except ImpossibleStep:
            messages.info(request, _("That was done already."))
    messages.success(request, _("The return is written down. The customer gets a mail."))
    return redirect("dashboard:return-detail", number=back.number)


def parcel_again(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was in a parcel that was lost or broken, as an order that costs nothing."""
    parcel = get_object_or_404(Shipment.objects.select_related("order"), pk=min(pk, MAX_ID))
    home = reverse("dashboard:order-detail", args=[parcel.order.number])
    try:
        made = services.parcel_again(parcel=parcel, user=request.user)
    except StepRefused as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(next_path(request, request.POST.get("next", ""), home))
    text = _("It is sent again as order %(number)s.")
    messages.success(request, text % {"number": made.order.number})
    return redirect("dashboard:order-detail", number=made.order.number)


def _page(request: HttpRequest, order: Order, form: ReturnForm, status: int = 200) -> HttpResponse:
    return render(
        request, "returns/office/start.html", {"order": order, "form": form}, status=status
    )
