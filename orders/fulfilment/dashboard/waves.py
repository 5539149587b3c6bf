"""Waves: made at a desk, walked with a phone."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.paths import key_of
from orders.exceptions import ImpossibleStep, OnHold, StepRefused
from orders.fulfilment.dashboard import forms
from orders.fulfilment.dashboard.selectors import waves_find
from orders.fulfilment.dashboard.views import sending_list
from orders.fulfilment.models import Consignment, ConsignmentState, Wave, WaveState
from orders.fulfilment.walk import wave_stops
from orders.fulfilment.waves import line_pick, line_short, wave_make, wave_take
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def wave_list(request: HttpRequest) -> HttpResponse:
    is_open = request.GET.get("view") != "done"
    link = reverse("dashboard:wave-list")
    context = {
        "page_obj": Paginator(waves_find(is_open=is_open), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "is_open": is_open,
        "tabs": [
            {"name": _("To pick"), "url": link, "is_current": is_open},
            {"name": _("Picked"), "url": f"{link}?view=done", "is_current": not is_open},
        ],
    }
    return render(request, "fulfilment/office/wave_list.html", context)


def wave_add(request: HttpRequest) -> HttpResponse:
    """The ticked orders, or as many of the oldest as are asked for."""
    form = forms.WaveForm(request.POST, auto_id="wave_%s")
    if not form.is_valid():
        return sending_list(request, wave_form=form)
    data = form.cleaned_data
    orders = [key_of(one) for one in request.POST.getlist("order")[:60]]
    chosen = Consignment.objects.filter(order__in=orders, warehouse=data["warehouse"])
    ids = list(chosen.values_list("pk", flat=True))
    if orders and not ids:
        form.add_error("warehouse", _("None of the ticked orders is sent from here."))
        return sending_list(request, wave_form=form)
    try:
        wave = wave_make(
            warehouse=data["warehouse"],
            key=data["key"],
            limit=data["limit"],
            chosen=ids,
            picker=data["picker"],
            user=request.user,
        )
    except StepRefused as refusal:
        form.add_error("warehouse", refusal.message)
        return sending_list(request, wave_form=form)
    messages.success(request, _("Wave %(wave)s is ready to be picked.") % {"wave": wave})
    return redirect("dashboard:wave-detail", pk=wave.pk)


def wave_detail(
    request: HttpRequest, pk: int, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """The next stop in large letters, and the walk behind it.

    ``bound``: ``problem`` {str} in words, and the form that was refused by its name.
    """
    wave = _wave_or_404(pk)
    stops = wave_stops(wave) if wave.state == WaveState.OPEN else []
    asked = request.GET.get("line", "")
    stop = next((one for one in stops if str(one.line.pk) == asked), stops[0] if stops else None)
    first = {}
    if stop is not None:
        first = {"line": stop.line.pk, "seen": stop.seen, "units": stop.line.to_pick}
        first["bin"] = stop.bin.pk if stop.bin else None
    is_mine = wave.picker_id in (None, request.user.pk)
    consignments = list(wave.consignments.select_related("order").order_by("tote", "pk"))
    context = {
        "wave": wave,
        "stop": stop,
        "rest": [one for one in stops if one is not stop],
        "consignments": consignments,
        "picked": sum(one.state != ConsignmentState.PICKING for one in consignments),
        "form": forms.PickForm(initial=first, auto_id="pick_%s"),
        "short_form": forms.ShortForm(initial=first, auto_id="short_%s"),
        "is_mine": is_mine,
        "may_print": may(request.user, "wave-print"),
        "may_pick": may(request.user, "wave-pick", "POST"),
        "may_pack": may(request.user, "pack-table"),
    } | (bound or {})
    status = 422 if bound else 200
    return render(request, "fulfilment/office/wave_detail.html", context, status=status)


def take(request: HttpRequest, pk: int) -> HttpResponse:
    wave = _wave_or_404(pk)
    if wave_take(wave=wave, user=request.user):
        messages.success(request, _("You walk this wave now."))
    return redirect("dashboard:wave-detail", pk=wave.pk)


def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Scanned, or taken without scanning; a wrong article is said loudly."""
    form = forms.PickForm(request.POST, auto_id="pick_%s")
    is_scanned = request.POST.get("step") != "unscanned"
    form.fields["code"].required = is_scanned
    if "code" in form.errors:
        return wave_detail(request, pk, bound={"problem": _("Scan the article first.")})
    if not form.is_valid():
        return wave_detail(request, pk, bound={"problem": _("How many did you take?")})
    data = form.cleaned_data
    try:
        line_pick(
            line_id=data["line"],
            units=data["units"],
            seen=data["seen"],
            user=request.user,
            code=data["code"] if is_scanned else None,
            bin_id=data["bin"],
        )
    except ImpossibleStep as error:
        return wave_detail(request, pk, bound={"problem": said(error)})
    return redirect("dashboard:wave-detail", pk=pk)


def short(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.ShortForm(request.POST, auto_id="short_%s")
    if not form.is_valid():
        return wave_detail(request, pk, bound={"problem": _("How many are there?")})
    try:
        trouble = line_short(
            line_id=form.cleaned_data["line"],
            found=form.cleaned_data["found"],
            seen=form.cleaned_data["seen"],
            words=form.cleaned_data["words"],
            user=request.user,
        )
    except ImpossibleStep as error:
        return wave_detail(request, pk, bound={"problem": said(error)})
    text = _("Noted: %(units)s missing. The desk decides on it; go on.")
    messages.warning(request, text % {"units": trouble.units})
    return redirect("dashboard:wave-detail", pk=pk)


def said(error: ImpossibleStep) -> str:
    """For whoever stands there with a phone."""
    if isinstance(error, StepRefused):
        return error.message
    if isinstance(error, OnHold):
        return _("This order is on hold. Leave it where it is.")
    return _("That is not possible any more. Look at how it stands now.")


def _wave_or_404(pk: int) -> Wave:
    return get_object_or_404(Wave.objects.select_related("warehouse", "picker"), pk=min(pk, MAX_ID))
