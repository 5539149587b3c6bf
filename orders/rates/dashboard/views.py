"""The rate table: read, brought in as a whole, and changed row by row."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.rates import services
from orders.rates.dashboard.forms import MethodForm, RateForm, RatesForm
from orders.rates.dashboard.tabs import delivery_tabs
from orders.rates.models import Rate
from orders.rates.rows import RATE_HEAD, rates_written
from shop.core.office import csv_response, may
from shop.core.tables import TableRefused


def rate_list(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def rate_export(request: HttpRequest) -> HttpResponseBase:
    """The same table that can be brought in."""
    return csv_response(name="delivery-rates", head=RATE_HEAD, rows=rates_written())


def rates_load(request: HttpRequest) -> HttpResponse:
    count = services.rates_load()
    text = ngettext("%(n)d rate was written.", "%(n)d rates were written.", count)
    messages.success(request, text % {"n": count})
    return redirect("dashboard:delivery-rates")


def rate_import(request: HttpRequest) -> HttpResponse:
    """The whole table or nothing of it."""
    form = RatesForm(request.POST, request.FILES, auto_id="many_%s")
    if not form.is_valid():
        return _desk(request, import_form=form)
    try:
        count = services.rates_replace(lines=form.rows)
    except TableRefused as refusal:
        for error in refusal.errors:
            form.add_error(form.sent_as, error)
        return _desk(request, import_form=form)
    text = ngettext("The table has %(n)d rate now.", "The table has %(n)d rates now.", count)
    messages.success(request, text % {"n": count})
    return redirect("dashboard:delivery-rates")


def method_add(request: HttpRequest) -> HttpResponse:
    form = MethodForm(request.POST, auto_id="method_%s")
    if not form.is_valid():
        return _desk(request, method_form=form)
    form.save()
    messages.success(request, _("Saved. Now give it rates: bring in the table with them."))
    return redirect("dashboard:delivery-rates")


def rate_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rate = get_object_or_404(Rate.objects.select_related("zone", "method", "group"), pk=pk)
    form = RateForm(request.POST or None, instance=rate)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.rate_change(
            rate=rate,
            charge=data["charge"],
            free_from=data["free_from"],
            days=(data["days_least"], data["days_most"]),
            carrier=data["carrier"],
            service=data["service"],
        )
        messages.success(request, _("Saved. Shoppers see it at once."))
        return redirect("dashboard:delivery-rates")
    context = {"rate": rate, "form": form, "currency": settings.OSCAR_DEFAULT_CURRENCY}
    status = 422 if form.errors else 200
    return render(request, "rates/office/rate.html", context, status=status)


def _desk(request: HttpRequest, **forms: Any) -> HttpResponse:
    rows = Rate.objects.select_related("zone", "method", "group")
    context = {
        "zones": [(zone, list(rates)) for zone, rates in groupby(rows, key=lambda one: one.zone)],
        "import_form": RatesForm(auto_id="many_%s"),
        "method_form": MethodForm(auto_id="method_%s"),
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "tabs": delivery_tabs(request.user, "delivery-rates"),
        "may_import": may(request.user, "delivery-rates-import", "POST"),
        "may_load": may(request.user, "delivery-rates-load", "POST"),
        "may_name": may(request.user, "delivery-method-add", "POST"),
        "may_change": may(request.user, "delivery-rate", "POST"),
        **forms,
    }
    return render(request, "rates/office/list.html", context, status=422 if forms else 200)
