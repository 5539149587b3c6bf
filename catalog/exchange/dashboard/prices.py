"""Prices that were set in another currency."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.exchange import services
from catalog.exchange.dashboard.forms import CurrencyPriceForm
from catalog.exchange.dashboard.tabs import exchange_tabs
from catalog.exchange.rates import exchange_of
from catalog.exchange.selectors import currency_prices_find
from catalog.pricing.services import prices_change_by
from shop.core.finding import FindForm
from shop.core.office import may

PAGE_SIZE = 40


def price_list(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def price_set(request: HttpRequest) -> HttpResponse:
    form = CurrencyPriceForm(request.POST)
    if not form.is_valid():
        return _desk(request, form=form)
    data = form.cleaned_data
    with prices_change_by("currency", user_id=request.user.pk):
        services.currency_price_set(
            record=form.record, currency=data["currency"].pk, price=data["price"]
        )
    messages.success(request, _("The price of %(sku)s is set.") % {"sku": data["sku"]})
    return redirect("dashboard:currency-price-list")


def price_remove(request: HttpRequest, pk: int) -> HttpResponse:
    if services.currency_price_remove(price_id=pk):
        messages.success(request, _("The price is gone; the rate decides again."))
    return redirect("dashboard:currency-price-list")


def _desk(request: HttpRequest, **forms: Any) -> HttpResponse:
    find = FindForm(
        request.GET if request.method == "GET" and request.GET else None, hint=_("Product or SKU")
    )
    text = find.text()
    page_obj = Paginator(currency_prices_find(text=text), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = []
    for one in page_obj:
        record = one.stock_record
        at_rate = None if record.price is None else exchange_of(one.currency_id).price(record.price)
        rows.append({"price": one, "record": record, "at_rate": at_rate})
    form = CurrencyPriceForm()
    context = {
        "rows": rows,
        "page_obj": page_obj,
        "find": find,
        "text": text,
        "form": form,
        "has_currencies": form.fields["currency"].queryset.exists(),
        "may_change": may(request.user, "currency-price-set", "POST"),
        "tabs": exchange_tabs(request.user, "currency-price-list"),
        **forms,
    }
    return render(request, "exchange/office/prices.html", context, status=422 if forms else 200)
