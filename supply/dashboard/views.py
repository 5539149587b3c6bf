"""Stock, its ledger, and the one form that corrects it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.office import csv_response, may
from supply.dashboard import selectors
from supply.dashboard.forms import (
    ArrivalForm,
    CorrectionForm,
    LedgerFilterForm,
    StockFilterForm,
    WriteOffForm,
)
from supply.exceptions import OutOfStock
from supply.selectors import arrivals_open, stock_places
from supply.services import stock_move

PAGE_SIZE = 40
RECENT = 20  # ledger entries shown beside one record
VIEW_NAMES = {
    "all": gettext_lazy("All"),
    "low": gettext_lazy("Running low"),
    "out": gettext_lazy("Sold out"),
}


def stock_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEW_NAMES else "all"
    form = StockFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(selectors.stock_find(view=view, text=text), PAGE_SIZE)
    link = reverse("dashboard:stock-list")
    context = {
        "form": form,
        "keep": {"view": view},
        "view": view,
        "page_obj": page.get_page(request.GET.get("page")),
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
            for code, name in VIEW_NAMES.items()
        ],
        "text": text,
    }
    return render(request, "supply/stock_list.html", context)


def stock_detail(
    request: HttpRequest,
    pk: int,
    *,
    form: CorrectionForm | None = None,
    arrival_form: ArrivalForm | None = None,
    write_off_form: WriteOffForm | None = None,
) -> HttpResponse:
    """One record: what is there, what is promised, its last moves, and the correction."""
    record = get_object_or_404(selectors.stock_records(), pk=pk)
    may_write_off = may(request.user, "stock-write-off", "POST")
    context: dict[str, Any] = {
        "record": record,
        "movements": selectors.ledger_find(record_id=record.pk)[:RECENT],
        "form": form
        or CorrectionForm(on_hand=record.num_in_stock or 0, may_write_off=may_write_off),
        "places": stock_places(record.pk),
        "arrivals": arrivals_open(record.pk),
        "arrival_form": arrival_form or ArrivalForm(),
        "today": timezone.localdate(),
        "may_announce": may(request.user, "arrival-add", "POST"),
        "may_receive": may(request.user, "arrival-receive", "POST"),
        "may_cancel": may(request.user, "arrival-cancel", "POST"),
        "write_off_form": write_off_form or WriteOffForm(),
        "may_write_off": may_write_off,
        "may_correct": may(request.user, "stock-correct", "POST"),
        "may_see_places": may(request.user, "warehouse-detail"),
        "may_see_orders": may(request.user, "order-list"),
        "may_edit_product": may(request.user, "catalogue-product"),
    }
    status = 422 if form or arrival_form or write_off_form else 200
    return render(request, "supply/stock_detail.html", context, status=status)


def stock_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Book what came, was counted or is lost. The same page submitted twice books once."""
    record = get_object_or_404(selectors.stock_records(), pk=pk)
    form = CorrectionForm(
        request.POST,
        on_hand=record.num_in_stock or 0,
        may_write_off=may(request.user, "stock-write-off", "POST"),
    )
    if not form.is_valid():
        return stock_detail(request, pk, form=form)
    change = form.change()
    if not change:
        messages.success(request, _("The count agrees with the book; nothing to correct."))
        return redirect("dashboard:stock-detail", pk=pk)
    try:
        is_new = stock_move(
            stock_record_id=record.pk,
            quantity=change,
            reason=form.cleaned_data["reason"],
            source=f"office:{form.cleaned_data['key']}",
            user=request.user,
            note=form.cleaned_data["note"],
            warehouse=form.cleaned_data.get("warehouse"),
        )
    except OutOfStock as error:
        text = _("Orders hold the other units: at most %(units)s can be taken away.")
        form.add_error("quantity", text % {"units": max(error.shortages[record.pk], 0)})
        return stock_detail(request, pk, form=form)
    if is_new:
        messages.success(request, _("Booked: %(units)s units.") % {"units": f"{change:+d}"})
    else:
        messages.info(request, _("This was booked already."))
    return redirect("dashboard:stock-detail", pk=pk)


def ledger_list(request: HttpRequest) -> HttpResponse:
    form = LedgerFilterForm(request.GET or None)
    rows = selectors.ledger_find(**(form.criteria() if form.is_bound else {}))
    context = {
        "form": form,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "supply/ledger_list.html", context)


def ledger_export(request: HttpRequest) -> HttpResponse:
    form = LedgerFilterForm(request.GET or None)
    rows = selectors.ledger_find(**(form.criteria() if form.is_bound else {}))
    return csv_response(
        name=f"stock-ledger-{timezone.localdate():%Y-%m-%d}",
        head=["moved_at", "sku", "product", "units", "reason", "source", "note", "warehouse", "by"],
        rows=_export_rows(rows.iterator(chunk_size=1000)),
    )


def _export_rows(movements) -> Iterator[list]:
    for movement in movements:
        record = movement.stock_record
        yield [
            timezone.localtime(movement.moved_at).isoformat(timespec="seconds"),
            record.partner_sku,
            record.product.get_title(),
            movement.quantity,
            movement.reason,
            movement.source,
            movement.note,
            movement.warehouse.code,
            movement.moved_by.email if movement.moved_by else "",
        ]
