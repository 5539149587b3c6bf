"""The ramp: parcels are scanned onto a carrier's list; as the driver takes them the list is closed."""

import logging
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from catalog.opinions.forms import PlainTextField
from orders.carriers import services
from orders.carriers.models import Label, Manifest
from orders.carriers.registry import carrier_name, carriers_selling
from orders.carriers.states import ParcelState
from orders.exceptions import StepRefused
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import pdf_response
from orders.papers.printing import print_pdf
from orders.papers.wording import language_tags
from shop.core.names import name_shown
from shop.core.office import may
from supply.models import Warehouse

logger = logging.getLogger(__name__)
PAGE_SIZE = 30
MAX_ID = 2**63 - 1


class OpenForm(forms.Form):
    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"))
    warehouse = forms.ModelChoiceField(
        label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [(one.code, one.name) for one in carriers_selling()]
        places = Warehouse.objects.filter(is_sellable=True).order_by("-is_default", "name")
        self.fields["warehouse"].queryset = places
        self.fields["warehouse"].initial = places.first()


class ScanForm(forms.Form):
    code = PlainTextField(
        label=gettext_lazy("Scan a label"),
        max_length=60,
        help_text=gettext_lazy("The number of the parcel, or of its order."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "off", "enterkeyhint": "go", "autofocus": True}
        self.fields["code"].widget.attrs |= attrs


def manifest_list(request: HttpRequest) -> HttpResponse:
    """Open lists first, then the newest; above them what waits for each carrier."""
    rows = Manifest.objects.select_related("warehouse", "opened_by", "closed_by")
    rows = rows.annotate(parcels=Count("labels"))
    page = Paginator(rows.order_by(F("closed_at").desc(nulls_first=True), "-pk"), PAGE_SIZE)
    waiting = Label.objects.filter(
        state=ParcelState.BOUGHT, is_return=False, manifest=None, shipment__isnull=False
    )
    counts = waiting.order_by().values("carrier").annotate(n=Count("pk")).order_by("carrier")
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "form": OpenForm(),
        "waiting": [(carrier_name(one["carrier"]), one["n"]) for one in counts],
        "may_send": may(request.user, "manifest-open", "POST"),
    }
    return render(request, "carriers/office/manifest_list.html", context)


def manifest_open(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a carrier."))
        return redirect("dashboard:manifest-list")
    made = services.manifest_open(user=request.user, **form.cleaned_data)
    return redirect("dashboard:manifest-detail", pk=made.pk)


def manifest_detail(
    request: HttpRequest, pk: int, *, form: ScanForm | None = None, told: str = ""
) -> HttpResponse:
    """Scanning, and what is on the list. ``told``: of the last scan, in words."""
    manifest = get_object_or_404(Manifest.objects.select_related("warehouse"), pk=min(pk, MAX_ID))
    labels = _labels(manifest)
    waits = Label.objects.filter(
        state=ParcelState.BOUGHT,
        is_return=False,
        manifest=None,
        carrier=manifest.carrier,
        shipment__warehouse=manifest.warehouse,
    )
    context = {
        "manifest": manifest,
        "labels": labels,
        "form": form or ScanForm(),
        "told": told,
        "waiting": waits.count(),
        "still_here": sum(one.state == ParcelState.BOUGHT for one in labels),
        "kilos": sum(one.weight_g for one in labels) / 1000,
        "may_send": may(request.user, "manifest-scan", "POST"),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "carriers/office/manifest.html", context, status=status)


def manifest_scan(request: HttpRequest, pk: int) -> HttpResponse:
    manifest = get_object_or_404(Manifest, pk=min(pk, MAX_ID))
    form = ScanForm(request.POST)
    if not form.is_valid():
        return manifest_detail(request, pk, form=form)
    try:
        label, is_new = services.manifest_scan(manifest=manifest, code=form.cleaned_data["code"])
    except StepRefused as refusal:
        form.add_error("code", refusal.message)
        return manifest_detail(request, pk, form=form)
    words = _("%(number)s is on the list.") if is_new else _("%(number)s was on the list already.")
    return manifest_detail(request, pk, told=words % {"number": label.order.number})


def manifest_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A parcel stays here after all; ``pk`` is its label's."""
    label = get_object_or_404(Label, pk=min(pk, MAX_ID), manifest__isnull=False)
    where = label.manifest_id
    try:
        services.manifest_take_off(label=label)
    except StepRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("dashboard:manifest-detail", pk=where)


def manifest_close(request: HttpRequest, pk: int) -> HttpResponse:
    manifest = get_object_or_404(Manifest, pk=min(pk, MAX_ID))
    try:
        left = services.manifest_close(manifest=manifest, user=request.user)
    except StepRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("dashboard:manifest-detail", pk=pk)
    gone = manifest.labels.count()
    text = ngettext("%(n)d parcel handed over.", "%(n)d parcels handed over.", gone)
    messages.success(request, text % {"n": gone})
    if left:
        text = _("These had to stay: %(orders)s. Put them aside.")
        messages.error(request, text % {"orders": ", ".join(left)})
    return redirect("dashboard:manifest-detail", pk=pk)


def manifest_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list on paper, for the driver to sign."""
    manifest = get_object_or_404(Manifest.objects.select_related("warehouse"), pk=min(pk, MAX_ID))
    try:
        pdf = print_pdf(
            layout="manifest",
            data=_paper(manifest),
            at=manifest.closed_at or manifest.opened_at,
        )
    except PrintingFailed as error:
        logger.warning("manifest %s: %s", manifest.number, error)
        messages.error(request, _("The paper could not be made. Please try again."))
        return redirect("dashboard:manifest-detail", pk=pk)
    return pdf_response(pdf, name=manifest.number)


def _labels(manifest: Manifest) -> list[Label]:
    rows = manifest.labels.select_related("order__shipping_address", "shipment")
    return list(rows.order_by("-loaded_at", "-pk"))


def _paper(manifest: Manifest) -> dict[str, Any]:
    labels = list(reversed(_labels(manifest)))
    at = timezone.localtime(manifest.closed_at or manifest.opened_at)
    code = segno.make(manifest.number, error="m", micro=False)
    count = ngettext("%(n)d parcel", "%(n)d parcels", len(labels)) % {"n": len(labels)}
    weight = f"{sum(one.weight_g for one in labels) / 1000:.2f} kg"
    return {
        **language_tags(get_language() or "en"),
        "title": " ".join([_("Hand-over list"), manifest.number]),
        "shop": settings.OSCAR_SHOP_NAME,
        "kind": _("Hand-over list"),
        "number": manifest.number,
        "code": code.svg_inline(border=0, dark="#1d1a17"),
        "facts": [
            [_("Carrier"), carrier_name(manifest.carrier)],
            [_("Warehouse"), str(manifest.warehouse or "–")],
            [_("Date"), date_format(at, "DATETIME_FORMAT")],
            [_("Parcels"), f"{count} · {weight}"],
        ],
        "columns": [
            _("Tracking number"),
            _("Order"),
            _("Goes to"),
            _("Service"),
            pgettext("of a parcel", "Weight"),
        ],
        "rows": [_paper_row(one) for one in labels],
        "signs": [_("Handed over by"), _("Taken by the driver"), _("Date and time")],
    }


def _paper_row(label: Label) -> list[str]:
    address = label.order.shipping_address
    who = name_shown(address.first_name, address.last_name) if address else ""
    place = f"{address.postcode or ''} {address.line4}, {address.country_id}" if address else ""
    return [
        label.tracking_number,
        label.order.number,
        " · ".join(filter(None, [who, place.strip(" ,")])),
        label.service,
        f"{label.weight_g / 1000:.2f} kg",
    ]
