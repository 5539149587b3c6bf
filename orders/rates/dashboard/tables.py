"""Weights: a long list, kept as a table."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from orders.rates import services
from orders.rates.dashboard.forms import LoadsForm
from orders.rates.dashboard.tabs import delivery_tabs
from orders.rates.models import ProductLoad
from orders.rates.rows import LOAD_HEAD, loads_written
from shop.core.office import csv_response, may

PAGE_SIZE = 40


def load_list(request: HttpRequest) -> HttpResponse:
    return _loads(request)


def load_export(request: HttpRequest) -> HttpResponseBase:
    return csv_response(name="weights", head=LOAD_HEAD, rows=loads_written())


def load_import(request: HttpRequest) -> HttpResponse:
    form = LoadsForm(request.POST, request.FILES, auto_id="many_%s")
    if not form.is_valid():
        return _loads(request, import_form=form)
    count = services.loads_set(lines=form.rows)
    messages.success(request, _("%(n)d rows were taken.") % {"n": count})
    return redirect("dashboard:delivery-loads")


def _loads(request: HttpRequest, **forms: Any) -> HttpResponse:
    rows = ProductLoad.objects.select_related("product__parent").order_by("-grams", "pk")
    context = {
        "import_form": LoadsForm(auto_id="many_%s"),
        "may_import": may(request.user, "delivery-loads-import", "POST"),
        "tabs": delivery_tabs(request.user, "delivery-loads"),
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        **forms,
    }
    return render(request, "rates/office/loads.html", context, status=422 if forms else 200)
