"""Zones of delivery, one by one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.rates import places
from orders.rates.dashboard.forms import ZoneAddForm, ZoneForm
from orders.rates.models import Zone
from shop.core.office import may
from shop.core.tables import TableRefused

MAX_ID = 2**63 - 1


def zone_add(request: HttpRequest) -> HttpResponse:
    """It begins with the rates of another, so that its countries are served at once."""
    form = ZoneAddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            zone = places.zone_add(**form.cleaned_data)
        except TableRefused as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(
                request, _("Saved, with rates to begin with. Shoppers see it at once.")
            )
            return redirect("dashboard:delivery-zone", pk=zone.pk)
    return _page(request, form, None)


def zone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    zone = _zone_or_404(pk)
    form = ZoneForm(request.POST or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            places.zone_change(zone=zone, **form.cleaned_data)
        except TableRefused as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(request, _("Saved. Shoppers see it at once."))
            return redirect("dashboard:delivery-rates")
    return _page(request, form, zone)


def zone_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody else removed already is gone all the same."""
    zone = Zone.objects.filter(pk=min(pk, MAX_ID)).first()
    try:
        if zone is not None and places.zone_remove(zone=zone):
            messages.success(request, _("It is gone. Orders keep what they were promised."))
    except TableRefused as refusal:
        for error in refusal.errors:
            messages.error(request, error)
        return redirect("dashboard:delivery-zone", pk=pk)
    return redirect("dashboard:delivery-rates")


def _page(request: HttpRequest, form: ZoneForm, zone: Zone | None) -> HttpResponse:
    others = Zone.objects.filter(countries=[]).first()
    context = {
        "zone": zone,
        "form": form,
        "rates": zone.rates.count() if zone else 0,
        "others": others,
        # The one for all others is what every removed zone falls back on.
        "may_remove": zone and zone != others and may(request.user, "delivery-zone-remove", "POST"),
        "may_add_rate": may(request.user, "delivery-rate-add", "POST"),
    }
    status = 422 if form.errors else 200
    return render(request, "rates/office/zone.html", context, status=status)


def _zone_or_404(pk: int) -> Zone:
    return get_object_or_404(Zone, pk=min(pk, MAX_ID))
