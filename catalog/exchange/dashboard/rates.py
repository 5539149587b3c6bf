"""Rates and how prices end."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.exchange import services
from catalog.exchange.dashboard.forms import TAKEN, CurrencyForm, RateForm, RatesForm
from catalog.exchange.dashboard.tabs import exchange_tabs
from catalog.exchange.models import Currency
from catalog.exchange.selectors import SAMPLE, currencies_shown, rates_find
from shop.core.office import csv_response, may

PAGE_SIZE = 40


def rate_list(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def rate_set(request: HttpRequest) -> HttpResponse:
    """Today's rate of one currency; one that jumps is asked about once."""
    form = RateForm(request.POST, auto_id="one_%s")
    if not form.is_valid():
        return _desk(request, form=form)
    if not services.rates_add(rows=form.rows, source=_("by hand"), user_id=request.user.pk):
        form.add_error("currency", TAKEN)  # somebody was quicker
        return _desk(request, form=form)
    messages.success(request, _("The rate is set. Prices follow at once, lists within a minute."))
    return redirect("dashboard:rate-list")


def rate_import(request: HttpRequest) -> HttpResponse:
    """All rows or none; days that have a rate keep it."""
    form = RatesForm(request.POST, request.FILES, auto_id="many_%s")
    if not form.is_valid():
        return _desk(request, import_form=form)
    file = form.cleaned_data.get("file")
    source = f"CSV {file.name[:40]}" if file else _("pasted table")
    added = services.rates_add(rows=form.rows, source=source, user_id=request.user.pk)
    kept = len(form.rows) - added
    told = ngettext("%(n)d rate is new", "%(n)d rates are new", added) % {"n": added}
    rest = ngettext("%(n)d was there", "%(n)d were there", kept) % {"n": kept}
    messages.success(request, _("%(added)s, %(kept)s.") % {"added": told, "kept": rest})
    return redirect("dashboard:rate-list")


def rate_export(request: HttpRequest) -> HttpResponseBase:
    """The same table that can be brought in elsewhere."""
    rows = rates_find().values_list("day", "currency_id", "rate", "source")
    return csv_response(
        name="rates",
        head=["day", "currency", "rate", "source"],
        rows=rows.iterator(chunk_size=1000),
    )


def currency_detail(request: HttpRequest, code: str) -> HttpResponse:
    """How prices end, and whether shoppers may choose it."""
    currency = get_object_or_404(
        Currency.objects.exclude(pk=settings.OSCAR_DEFAULT_CURRENCY), pk=code
    )
    form = CurrencyForm(request.POST or None, instance=currency)
    if request.method == "POST" and form.is_valid():
        services.currency_save(currency=form.instance)
        messages.success(request, _("Saved. Prices follow at once, lists within a minute."))
        return redirect("dashboard:rate-list")
    context = {
        "currency": currency,
        "form": form,
        "may_change": may(request.user, "currency-detail", "POST"),
    }
    status = 422 if form.errors else 200
    return render(request, "exchange/office/currency.html", context, status=status)


def _desk(request: HttpRequest, **forms: Any) -> HttpResponse:
    page = Paginator(rates_find(), PAGE_SIZE)
    context = {
        "currencies": currencies_shown(),
        "page_obj": page.get_page(request.GET.get("page")),
        "form": RateForm(auto_id="one_%s"),
        "import_form": RatesForm(auto_id="many_%s"),
        "own": settings.OSCAR_DEFAULT_CURRENCY,
        "sample": SAMPLE,
        "may_add": may(request.user, "rate-set", "POST"),
        "tabs": exchange_tabs(request.user, "rate-list"),
        **forms,
    }
    return render(request, "exchange/office/rates.html", context, status=422 if forms else 200)
