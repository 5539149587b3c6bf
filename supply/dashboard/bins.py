"""One bin: what stands in it, its name, and emptying it into another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.core.office import may
from supply import services
from supply.dashboard.place_forms import BinEmptyForm, BinForm
from supply.exceptions import SupplyRefused
from supply.models import Bin, BinStock

MAX_ID = 2**63 - 1


def bin_detail(
    request: HttpRequest,
    pk: int,
    *,
    form: BinForm | None = None,
    empty_form: BinEmptyForm | None = None,
) -> HttpResponse:
    shelf = _bin_or_404(pk)
    stock = BinStock.objects.filter(bin=shelf, units__gt=0).order_by("pk")
    context = {
        "bin": shelf,
        "stock": stock.select_related("stock_record__product__parent"),
        "form": form or BinForm(instance=shelf),
        "empty_form": empty_form or BinEmptyForm(shelf=shelf),
        "may_rename": may(request.user, "bin-rename", "POST"),
        "may_remove": may(request.user, "bin-remove", "POST"),
        "may_empty": may(request.user, "bin-empty", "POST"),
    }
    status = 422 if form or empty_form else 200
    return render(request, "supply/bin_detail.html", context, status=status)


def bin_rename(request: HttpRequest, pk: int) -> HttpResponse:
    form = BinForm(request.POST, instance=_bin_or_404(pk))
    if not form.is_valid():
        return bin_detail(request, pk, form=form)
    try:
        services.bin_rename(shelf=_bin_or_404(pk), **form.cleaned_data)
    except SupplyRefused as refusal:
        form.add_error("code", refusal.message)
        return bin_detail(request, pk, form=form)
    messages.success(request, _("Saved."))
    return redirect("dashboard:bin-detail", pk=pk)


def bin_empty(request: HttpRequest, pk: int) -> HttpResponse:
    shelf = _bin_or_404(pk)
    form = BinEmptyForm(request.POST, shelf=shelf)
    if not form.is_valid():
        return bin_detail(request, pk, empty_form=form)
    target = form.cleaned_data["target"]
    try:
        units = services.bin_empty(shelf=shelf, target=target)
    except SupplyRefused as refusal:
        form.add_error("target", refusal.message)
        return bin_detail(request, pk, empty_form=form)
    text = ngettext(
        "%(number)s unit stands in %(bin)s now.", "%(number)s units stand in %(bin)s now.", units
    )
    messages.success(request, text % {"number": units, "bin": target})
    return redirect("dashboard:bin-detail", pk=target.pk)


def bin_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody else removed already is gone all the same."""
    shelf = Bin.objects.filter(pk=min(pk, MAX_ID)).first()
    if shelf is None:
        return redirect("dashboard:warehouse-list")
    try:
        if services.bin_remove(shelf=shelf):
            messages.success(request, _("Bin %(code)s is removed.") % {"code": shelf.code})
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("dashboard:bin-detail", pk=pk)
    return redirect("dashboard:warehouse-detail", pk=shelf.warehouse_id)


def _bin_or_404(pk: int) -> Bin:
    return get_object_or_404(Bin.objects.select_related("warehouse"), pk=min(pk, MAX_ID))
