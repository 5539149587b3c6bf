"""What readers want back, so that it is ordered again. Shows counts, never addresses."""

from collections.abc import Iterator, Sequence

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.arrivals import arrivals_next
from catalog.models import Product
from catalog.partner.models import StockRecord
from crm.alerts.selectors import TOLD_DAYS, products_wanted
from shop.core.office import csv_response, may

PAGE_SIZE = 40


class WantedFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Product or SKU")}),
    )


def wanted_list(request: HttpRequest) -> HttpResponse:
    form = WantedFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(products_wanted(text=text), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": _rows(page.object_list),
        "text": text,
        "query": request.GET.urlencode(),
        "told_days": TOLD_DAYS,
        "may_see_stock": may(request.user, "stock-detail"),
    }
    return render(request, "alerts/wanted_list.html", context)


def wanted_export(request: HttpRequest) -> HttpResponse:
    form = WantedFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    return csv_response(
        name=f"wanted-back-{timezone.localdate():%Y-%m-%d}",
        head=["sku", "product", "waiting", "told_30_days", "waiting_since", "available", "back_on"],
        rows=_export_rows(_rows(products_wanted(text=text)[:5000])),
    )


def _rows(counted: Sequence[dict]) -> list[dict]:
    """Each count with its product, its stock record and the next delivery. Three queries."""
    counted = list(counted)
    products = Product.objects.select_related("parent").in_bulk([row["pk"] for row in counted])
    records = {
        record.product_id: record
        for record in StockRecord.objects.filter(product__in=products).order_by("-pk")
    }
    arrivals = arrivals_next([record.pk for record in records.values()])
    rows = []
    for row in counted:
        record = records.get(row["pk"])
        rows.append(
            row
            | {
                "product": products[row["pk"]],
                "record": record,
                "free": record.net_stock_level if record else None,
                "arrival": arrivals.get(record.pk) if record else None,
            }
        )
    return rows


def _export_rows(rows: list[dict]) -> Iterator[list]:
    for row in rows:
        yield [
            row["record"].partner_sku if row["record"] else "",
            row["product"].get_title(),
            row["waiting"],
            row["told"],
            timezone.localtime(row["since"]).date().isoformat() if row["since"] else "",
            row["free"],
            row["arrival"].day.isoformat() if row["arrival"] else "",
        ]
