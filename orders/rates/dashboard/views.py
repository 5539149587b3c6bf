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
from orders.rates.dashboard.forms import (
    MethodChangeForm,
    MethodForm,
    RateAddForm,
    RateForm,
    RatesForm,
)
from orders.rates.dashboard.tabs import delivery_tabs
from orders.rates.models import Method, Rate
from orders.rates.rows import RATE_HEAD, rates_written
from shop.core.office import csv_response, may
from shop.core.tables import TableRefused

MAX_ID = 2**63 - 1


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
    messages.success(request, _("Saved. Now give it rates."))
    return redirect("dashboard:delivery-rates")


def method_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a way of sending is called, and whether it is offered."""
    method = get_object_or_404(Method, pk=min(pk, MAX_ID))
    form = MethodChangeForm(request.POST or None, instance=method)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(Method, pk=method.pk)
        try:
            services.method_change(method=fresh, columns=form.cleaned_data)
        except TableRefused as refusal:
            for error in refusal.errors:
                form.add_error("is_hidden", error)
        else:
            messages.success(request, _("Saved. Shoppers see it at once."))
            return redirect("dashboard:delivery-rates")
    status = 422 if form.errors else 200
    context = {"method": method, "form": form}
    return render(request, "rates/office/method.html", context, status=status)


def rate_add(request: HttpRequest) -> HttpResponse:
    """One row more. ``?zone=``: the one that stands chosen."""
    asked = request.GET.get("zone", "")
    initial = {"zone": asked} if asked.isdecimal() and len(asked) < 19 else {}
    form = RateAddForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.rate_add(columns=form.cleaned_data)
        except TableRefused as refusal:
            form.add_error(None, refusal.errors[0])
        else:
            messages.success(request, _("Saved. Shoppers see it at once."))
            return redirect("dashboard:delivery-rates")
    context = {"rate": None, "form": form, "currency": settings.OSCAR_DEFAULT_CURRENCY}
    status = 422 if form.errors else 200
    return render(request, "rates/office/rate.html", context, status=status)


def rate_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody else removed already is gone all the same."""
    rate = Rate.objects.filter(pk=min(pk, MAX_ID)).first()
    try:
        if rate is not None and services.rate_remove(rate=rate):
            messages.success(request, _("It is gone. Orders keep what they were promised."))
    except TableRefused as refusal:
        for error in refusal.errors:
            messages.error(request, error)
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
    context = {
        "rate": rate,
        "form": form,
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "may_remove": may(request.user, "delivery-rate-remove", "POST"),
    }
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
        "methods": Method.objects.all(),
        "may_zone": may(request.user, "delivery-zone", "POST"),
        "may_add_zone": may(request.user, "delivery-zone-add", "POST"),
        "may_add": may(request.user, "delivery-rate-add", "POST"),
        "may_rename": may(request.user, "delivery-method", "POST"),
        "may_change": may(request.user, "delivery-rate", "POST"),
        **forms,
    }
    return render(request, "rates/office/list.html", context, status=422 if forms else 200)
