"""Deliveries that are announced, come, or do not."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.core.office import may
from supply import services
from supply.dashboard import selectors
from supply.dashboard.forms import ArrivalForm
from supply.dashboard.views import stock_detail
from supply.models import ExpectedArrival
from supply.selectors import arrivals_due

PAGE_SIZE = 40


def arrival_list(request: HttpRequest) -> HttpResponse:
    """Everything that suppliers announced and that has not come, overdue first."""
    rows = arrivals_due().select_related("stock_record__product__parent", "stock_record__partner")
    context: dict[str, Any] = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "may_receive": may(request.user, "arrival-receive", "POST"),
    }
    return render(request, "supply/arrival_list.html", context)


def arrival_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce a delivery; the same page submitted twice announces it once."""
    record = get_object_or_404(selectors.stock_records(), pk=pk)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return stock_detail(request, pk, arrival_form=form)
    services.arrival_expect(stock_record_id=record.pk, user=request.user, **form.cleaned_data)
    messages.success(request, _("Announced. Shoppers see the day where little is left."))
    return redirect("dashboard:stock-detail", pk=pk)


def arrival_receive(request: HttpRequest, pk: int) -> HttpResponse:
    arrival = get_object_or_404(ExpectedArrival, pk=pk)
    if services.arrival_receive(arrival=arrival, user=request.user):
        messages.success(request, _("Booked: %(units)s units.") % {"units": f"{arrival.units:+d}"})
    else:
        messages.info(request, _("This delivery was settled already."))
    return redirect("dashboard:stock-detail", pk=arrival.stock_record_id)


def arrival_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    arrival = get_object_or_404(ExpectedArrival, pk=pk)
    if services.arrival_cancel(arrival=arrival):
        messages.success(request, _("Taken back; shoppers are told no day."))
    else:
        messages.info(request, _("This delivery was settled already."))
    return redirect("dashboard:stock-detail", pk=arrival.stock_record_id)
