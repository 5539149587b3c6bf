"""The packing table: scan an order, scan its things into a box, weigh and close it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.paths import key_of
from orders.additions.selectors import addition_waiting
from orders.exceptions import ImpossibleStep, StepRefused
from orders.fulfilment.boxes import units_to_box
from orders.fulfilment.consigning import units_unrouted
from orders.fulfilment.dashboard import forms
from orders.fulfilment.dashboard.selectors import consignment_read, sending_find
from orders.fulfilment.dashboard.waves import said
from orders.fulfilment.models import Consignment, ConsignmentState, Shipment
from orders.fulfilment.packing import (
    box_close,
    consignment_scanned,
    item_pack,
    item_unpack,
)
from orders.life.selectors import hold_of
from orders.life.settling import is_packable
from orders.models import Order
from orders.services.unpaid import unpaid_of
from shop.core.office import may
from supply.models import Warehouse

WAITING = 12  # shown under the scanner
CLOSED = 6  # parcels that were closed last
MAX_ID = 2**63 - 1
PLACE = "pack-place"  # of the session: the warehouse of the table


def pack_table(request: HttpRequest) -> HttpResponse:
    """To the order that was scanned, of the warehouse in which the table stands."""
    place = _place_of(request)
    form = forms.ScanForm(request.GET if "code" in request.GET else None)
    problem = ""
    if form.is_valid():
        try:
            found = consignment_scanned(
                form.cleaned_data["code"], warehouse_id=place.pk if place else None
            )
            return redirect("dashboard:pack-consignment", pk=found.pk)
        except StepRefused as refusal:
            problem = refusal.message
    context = {
        "form": form,
        "problem": problem,
        "place": place,
        "place_form": forms.PlaceForm(initial={"warehouse": place}, auto_id="place_%s"),
        "waiting": sending_find(view="picked", warehouse_id=place.pk if place else None)[:WAITING],
        "closed": _closed_here(place),
        "may_label": may(request.user, "parcels-buy", "POST"),
        "may_print": may(request.user, "box-slip"),
    }
    return render(request, "fulfilment/office/pack_table.html", context)


def place_set(request: HttpRequest) -> HttpResponse:
    """In which warehouse this table stands, until the clerk signs out. None: all of them."""
    form = forms.PlaceForm(request.POST)
    if form.is_valid():
        place = form.cleaned_data["warehouse"]
        request.session[PLACE] = place.pk if place else None
    return redirect("dashboard:pack-table")


def _place_of(request: HttpRequest) -> Warehouse | None:
    """What the clerk chose; where only one warehouse sends, that one."""
    places = list(Warehouse.objects.filter(is_sellable=True).order_by("rank", "name"))
    if len(places) == 1:
        return places[0]
    return next((one for one in places if one.pk == request.session.get(PLACE)), None)


def _closed_here(place: Warehouse | None) -> list[Shipment]:
    """The parcels that were closed last and still stand here, for their labels."""
    here = Shipment.objects.filter(packed_at__isnull=False, shipped_at__isnull=True)
    if place is not None:
        here = here.filter(warehouse=place)
    rows = here.select_related("order").prefetch_related("labels").order_by("-packed_at")
    return list(rows[:CLOSED])


def pack_consignment(
    request: HttpRequest, pk: int, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One order on the table. ``bound``: ``problem`` {str}, or the form that was refused."""
    consignment = consignment_read(min(pk, MAX_ID))
    if consignment is None:
        raise Http404
    left = units_to_box(consignment)
    boxes = list(consignment.parcels.all())
    rows = [
        {"line": one, "left": units, "packed": one.quantity - one.missing - units}
        for one, units in left.items()
    ]
    context = {
        "consignment": consignment,
        "order": consignment.order,
        "rows": rows,
        "to_box": sum(left.values()),
        "open_box": next((one for one in boxes if not one.packed_at and not one.shipped_at), None),
        "boxes": [one for one in boxes if one.packed_at],
        "rest": _rest_of(consignment),
        "is_open": consignment.state in (ConsignmentState.ROUTED, ConsignmentState.PICKED),
        "waits": _waits(consignment.order),
        "unpaid": unpaid_of(consignment.order),
        "may_see_order": may(request.user, "order-detail"),
        "may_print": may(request.user, "box-slip"),
        "item_form": forms.ItemForm(auto_id="item_%s"),
        "close_form": forms.CloseForm(auto_id="close_%s"),
    } | (bound or {})
    status = 422 if bound else 200
    return render(request, "fulfilment/office/pack_consignment.html", context, status=status)


def _rest_of(consignment: Consignment) -> dict[str, Any]:
    """Why the order is not packed yet when this part of it is: other parts, and units without a
    warehouse. Empty once nothing of it is to be packed any more."""
    if not is_packable(consignment.order):
        return {}
    others = Consignment.objects.filter(
        order=consignment.order_id,
        state__in=(ConsignmentState.ROUTED, ConsignmentState.PICKING, ConsignmentState.PICKED),
    ).exclude(pk=consignment.pk)
    return {
        "others": list(others.select_related("warehouse").order_by("pk")),
        "unrouted": sum(units_unrouted(consignment.order).values()),
    }


def _waits(order: Order) -> str:
    """Why nothing may go into a box now, said before the first scan; else nothing."""
    if hold := hold_of(order):
        reason = hold.get_reason_display()
        return _("On hold: %(reason)s. Leave it where it is.") % {"reason": reason}
    if addition_waiting(order) is not None:
        return _("Something was added that is not paid yet. Leave it where it is.")
    return ""


def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit into the box; a wrong article is said loudly."""
    form = forms.ItemForm(request.POST, auto_id="item_%s")
    if not form.is_valid():
        return pack_consignment(request, pk, bound={"problem": _("Scan the article first.")})
    try:
        item_pack(consignment=_row(pk), code=form.cleaned_data["code"], user=request.user)
    except ImpossibleStep as error:
        return pack_consignment(request, pk, bound={"problem": said(error)})
    return redirect("dashboard:pack-consignment", pk=pk)


def out(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit out of the open box."""
    line = key_of(request.POST.get("line", ""))
    try:
        item_unpack(consignment=_row(pk), order_line_id=line, user=request.user)
    except ImpossibleStep as error:
        return pack_consignment(request, pk, bound={"problem": said(error)})
    return redirect("dashboard:pack-consignment", pk=pk)


def close(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.CloseForm(request.POST, auto_id="close_%s")
    if not form.is_valid():
        return pack_consignment(request, pk, bound={"close_form": form})
    try:
        box_close(consignment=_row(pk), measure=form.measure(), user=request.user)
    except ImpossibleStep as error:
        return pack_consignment(request, pk, bound={"problem": said(error)})
    messages.success(request, _("The parcel is closed."))
    if Consignment.objects.filter(pk=pk, state=ConsignmentState.PACKED).exists():
        return redirect("dashboard:pack-table")
    return redirect("dashboard:pack-consignment", pk=pk)


def _row(pk: int) -> Consignment:
    row = Consignment.objects.filter(pk=min(pk, MAX_ID)).first()
    if row is None:
        raise Http404
    return row
