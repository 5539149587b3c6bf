"""Units that are written off: one record's, and all of them by month and reason."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from supply.dashboard import selectors
from supply.dashboard.forms import WriteOffForm
from supply.dashboard.views import stock_detail
from supply.exceptions import OutOfStock
from supply.models import WRITE_OFFS, Reason
from supply.selectors import written_off
from supply.services import stock_move

MONTHS = 12


def stock_write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take them out of the book. The same page submitted twice books once."""
    record = get_object_or_404(selectors.stock_records(), pk=pk)
    form = WriteOffForm(request.POST)
    if not form.is_valid():
        return stock_detail(request, pk, write_off_form=form)
    data = form.cleaned_data
    try:
        is_new = stock_move(
            stock_record_id=record.pk,
            quantity=-data["units"],
            reason=data["reason"],
            source=f"write-off:{data['key']}",
            user=request.user,
            note=data["note"],
            warehouse=data.get("warehouse"),
        )
    except OutOfStock as error:
        text = _("Orders hold the other units: at most %(units)s can be taken away.")
        form.add_error("units", text % {"units": max(error.shortages[record.pk], 0)})
        return stock_detail(request, pk, write_off_form=form)
    if is_new:
        messages.success(request, _("Written off: %(units)s units.") % {"units": data["units"]})
    else:
        messages.info(request, _("This was booked already."))
    return redirect("dashboard:stock-detail", pk=pk)


def write_off_list(request: HttpRequest) -> HttpResponse:
    """The last twelve months; every figure opens its entries of the ledger."""
    first = timezone.localdate().replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - dt.timedelta(days=1)).replace(day=1))
    units = written_off(since=months[-1])
    rows = [
        {
            "month": month,
            "cells": [_cell(month, reason, units) for reason in WRITE_OFFS],
            "sum": sum(units.get((month, reason), 0) for reason in WRITE_OFFS),
        }
        for month in months
    ]
    context = {
        "rows": rows,
        "reasons": [Reason(one).label for one in WRITE_OFFS],
        "sum": sum(row["sum"] for row in rows),
    }
    return render(request, "supply/write_offs.html", context)


def _cell(month: dt.date, reason: str, units: dict) -> dict[str, Any]:
    last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    query = {"reason": reason, "since": month.isoformat(), "until": last.isoformat()}
    return {
        "name": Reason(reason).label,
        "units": units.get((month, reason), 0),
        "url": f"{reverse('dashboard:ledger-list')}?{urlencode(query)}",
    }
