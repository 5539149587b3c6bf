"""Warehouses and their bins."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.core.office import may
from supply import services
from supply.dashboard.place_forms import BinPutForm, BinsForm, WarehouseForm
from supply.exceptions import OutOfStock, SupplyRefused
from supply.models import Bin, BinStock, Warehouse, WarehouseStock

PAGE_SIZE = 60
MAX_ID = 2**63 - 1


def warehouse_list(request: HttpRequest) -> HttpResponse:
    rows = Warehouse.objects.select_related("country").annotate(
        records=Count("stock"), units=Sum("stock__on_hand"), held=Sum("stock__reserved")
    )
    context = {
        "rows": rows.order_by("-is_default", "rank", "name"),
        "may_add": may(request.user, "warehouse-add", "POST"),
    }
    return render(request, "supply/warehouse_list.html", context)


def warehouse_add(request: HttpRequest) -> HttpResponse:
    return _edited(request, Warehouse())


def warehouse_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edited(request, _warehouse_or_404(pk))


def warehouse_detail(
    request: HttpRequest,
    pk: int,
    *,
    bins_form: BinsForm | None = None,
    put_form: BinPutForm | None = None,
) -> HttpResponse:
    """Its bins in the order of the walk, what stands in them, and what has no place yet."""
    warehouse = _warehouse_or_404(pk)
    bins = Bin.objects.filter(warehouse=warehouse).order_by("rank", "code")
    page = Paginator(bins, PAGE_SIZE).get_page(request.GET.get("page"))
    stock = BinStock.objects.filter(bin__in=list(page), units__gt=0).select_related(
        "stock_record__product__parent"
    )
    there: dict[int, list[BinStock]] = {}
    for row in stock.order_by("pk"):
        there.setdefault(row.bin_id, []).append(row)
    context = {
        "warehouse": warehouse,
        "page_obj": page,
        "rows": [{"bin": one, "stock": there.get(one.pk, [])} for one in page],
        "unplaced": _unplaced(warehouse),
        "bins_form": bins_form or BinsForm(),
        "put_form": put_form or BinPutForm(warehouse=warehouse),
        "may_edit": may(request.user, "warehouse-edit", "POST"),
        "may_add": may(request.user, "warehouse-bins", "POST"),
        "may_put": may(request.user, "warehouse-put", "POST"),
    }
    status = 422 if bins_form or put_form else 200
    return render(request, "supply/warehouse_detail.html", context, status=status)


def warehouse_bins(request: HttpRequest, pk: int) -> HttpResponse:
    warehouse, form = _warehouse_or_404(pk), BinsForm(request.POST)
    if not form.is_valid():
        return warehouse_detail(request, pk, bins_form=form)
    number = services.bins_add(warehouse=warehouse, codes=form.cleaned_data["codes"])
    text = ngettext("%(number)s bin added.", "%(number)s bins added.", number)
    messages.success(request, text % {"number": number})
    return redirect("dashboard:warehouse-detail", pk=pk)


def warehouse_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put units that have no place yet into a bin."""
    warehouse = _warehouse_or_404(pk)
    form = BinPutForm(request.POST, warehouse=warehouse)
    if not form.is_valid():
        return warehouse_detail(request, pk, put_form=form)
    data = form.cleaned_data
    try:
        services.bin_put(shelf=data["bin"], stock_record_id=data["sku"].pk, units=data["units"])
    except OutOfStock as error:
        text = _("Only %(units)s units have no place yet.")
        form.add_error("units", text % {"units": error.shortages[data["sku"].pk]})
        return warehouse_detail(request, pk, put_form=form)
    except SupplyRefused as refusal:
        form.add_error("bin", refusal.message)
        return warehouse_detail(request, pk, put_form=form)
    messages.success(request, _("They stand in %(bin)s now.") % {"bin": data["bin"]})
    return redirect("dashboard:warehouse-detail", pk=pk)


def _edited(request: HttpRequest, warehouse: Warehouse) -> HttpResponse:
    is_new = warehouse.pk is None
    form = WarehouseForm(request.POST or None, instance=warehouse)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fresh = Warehouse() if is_new else _warehouse_or_404(warehouse.pk)
            try:
                made = services.warehouse_save(warehouse=fresh, columns=form.cleaned_data)
            except SupplyRefused as refusal:
                form.add_error("is_sellable", refusal.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("dashboard:warehouse-detail", pk=made.pk)
    context = {"form": form, "warehouse": None if is_new else warehouse}
    return render(request, "supply/warehouse_form.html", context, status=status)


def _unplaced(warehouse: Warehouse) -> list[WarehouseStock]:
    """What stands somewhere in the house, the most first; each with ``unplaced`` units."""
    placed = dict(
        BinStock.objects.filter(bin__warehouse=warehouse)
        .order_by()
        .values_list("stock_record")
        .annotate(units=Sum("units"))
    )
    rows = WarehouseStock.objects.filter(warehouse=warehouse, on_hand__gt=0)
    found = []
    for row in rows.select_related("stock_record__product__parent").order_by(F("on_hand").desc()):
        row.unplaced = row.on_hand - placed.get(row.stock_record_id, 0)  # type: ignore[attr-defined]
        if row.unplaced > 0:  # type: ignore[attr-defined]
            found.append(row)
        if len(found) == PAGE_SIZE:
            break
    return found


def _warehouse_or_404(pk: int) -> Warehouse:
    return get_object_or_404(Warehouse.objects.select_related("country"), pk=min(pk, MAX_ID))
