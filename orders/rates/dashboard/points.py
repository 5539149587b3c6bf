"""Pick-up points: a long list that is searched, brought in as a table, and changed one by one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.rates import places, services
from orders.rates.dashboard.forms import PointAddForm, PointFindForm, PointForm, PointsForm
from orders.rates.dashboard.tabs import delivery_tabs
from orders.rates.models import PickupPoint
from orders.rates.rows import POINT_HEAD, points_written
from shop.core.office import csv_response, may
from shop.core.tables import TableRefused

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def point_list(request: HttpRequest) -> HttpResponse:
    return _points(request)


def point_export(request: HttpRequest) -> HttpResponseBase:
    return csv_response(name="pickup-points", head=POINT_HEAD, rows=points_written())


def point_import(request: HttpRequest) -> HttpResponse:
    form = PointsForm(request.POST, request.FILES, auto_id="many_%s")
    if not form.is_valid():
        return _points(request, import_form=form)
    count = services.points_set(lines=form.rows)
    messages.success(request, _("%(n)d rows were taken.") % {"n": count})
    return redirect("dashboard:delivery-points")


def point_add(request: HttpRequest) -> HttpResponse:
    form = PointAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        places.point_save(point=PickupPoint(), columns=form.cleaned_data)
        messages.success(request, _("Saved. Shoppers see it at once."))
        return redirect("dashboard:delivery-points")
    return _point(request, form, None)


def point_detail(request: HttpRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(PickupPoint, pk=min(pk, MAX_ID))
    form = PointForm(request.POST or None, instance=point)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(PickupPoint, pk=point.pk)
        places.point_save(point=fresh, columns=form.cleaned_data)
        messages.success(request, _("Saved. Shoppers see it at once."))
        return redirect("dashboard:delivery-points")
    # What was typed must not stand in the head of the page as if it were saved.
    return _point(request, form, get_object_or_404(PickupPoint, pk=point.pk))


def point_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody else removed already is gone all the same; what an order names stays."""
    point = PickupPoint.objects.filter(pk=min(pk, MAX_ID)).first()
    try:
        if point is not None and places.point_remove(point=point):
            messages.success(request, _("“%(name)s” is gone.") % {"name": point.name})
    except TableRefused as refusal:
        messages.error(request, refusal.errors[0])
        return redirect("dashboard:delivery-point", pk=pk)
    return redirect("dashboard:delivery-points")


def _point(request: HttpRequest, form: Any, point: PickupPoint | None) -> HttpResponse:
    context = {
        "point": point,
        "form": form,
        "may_remove": may(request.user, "delivery-point-remove", "POST"),
    }
    status = 422 if form.errors else 200
    return render(request, "rates/office/point.html", context, status=status)


def _points(request: HttpRequest, **forms: Any) -> HttpResponse:
    find = PointFindForm(request.GET or None)
    text = find.cleaned_data["q"] if find.is_valid() else ""
    rows = PickupPoint.objects.all()
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(code__icontains=word)
            | Q(city__icontains=word)
            | Q(postcode__istartswith=word)
        )
    context = {
        "find": find,
        "text": text,
        "import_form": PointsForm(auto_id="many_%s"),
        "may_import": may(request.user, "delivery-points-import", "POST"),
        "may_add": may(request.user, "delivery-point-add", "POST"),
        "may_change": may(request.user, "delivery-point", "POST"),
        "tabs": delivery_tabs(request.user, "delivery-points"),
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        **forms,
    }
    return render(request, "rates/office/points.html", context, status=422 if forms else 200)
