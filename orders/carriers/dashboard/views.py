"""Parcels: labels bought and handed over many at once, found by what became of them."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from catalog.paths import key_of
from orders.carriers import services
from orders.carriers.choosing import carrier_for
from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.carriers.models import Label
from orders.carriers.registry import carrier_name, carriers_selling
from orders.carriers.selectors import COLUMNS, SETTLED, VIEWS, parcels_found, promises_kept
from orders.carriers.states import NEXT, ParcelState
from orders.exceptions import ImpossibleStep, NotPaid
from orders.fulfilment.models import Shipment
from orders.papers.files import pdf_response
from orders.shipping.repository import method_name
from shop.core.office import may
from shop.core.redirects import next_path
from supply.exceptions import StockMismatch

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
MOST = 100  # parcels in one go
WEEKS = (12, 4, 26, 52)  # to choose from; the first where nobody chose
VIEW_NAMES = {
    "here": gettext_lazy("To hand over"),
    "moving": pgettext_lazy("parcels", "On their way"),
    "late": gettext_lazy("Late"),
    "wrong": gettext_lazy("Lost, damaged, sent back"),
    "back": gettext_lazy("To take back in"),
    "today": gettext_lazy("Delivered today"),
    "delivered": gettext_lazy("Delivered"),
    "all": gettext_lazy("All that left"),
}
BY_NAMES = {
    "carrier": gettext_lazy("By carrier"),
    "method": gettext_lazy("By delivery"),
    "warehouse": gettext_lazy("By warehouse"),
    "week": gettext_lazy("By week"),
}


class WantedForm(forms.Form):
    """What the list shows; what cannot be read is ignored."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("Order or tracking number")}
        ),
    )
    carrier = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    method = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    warehouse = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    week = forms.DateField(required=False, widget=forms.HiddenInput)
    kept = forms.ChoiceField(
        required=False,
        choices=[("yes", ""), ("no", ""), ("open", ""), (SETTLED, "")],
        widget=forms.HiddenInput,
    )
    wrong = forms.ChoiceField(
        required=False,
        choices=[(ParcelState.LOST, ""), (ParcelState.DAMAGED, "")],
        widget=forms.HiddenInput,
    )
    since = forms.DateField(required=False, widget=forms.HiddenInput)
    until = forms.DateField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "warehouse" in self.data and "warehouse" not in self.errors:
            asked.setdefault("warehouse", "")
        return asked


def parcel_list(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ("all" if {"kept", "wrong"} & request.GET.keys() else "here")
    form = WantedForm(request.GET)
    page = Paginator(parcels_found(view=view, wanted=form.wanted()), PAGE_SIZE)
    page_obj = page.get_page(request.GET.get("page"))
    for parcel in page_obj:
        parcel.live = next((one for one in parcel.labels.all() if one.state != "void"), None)
        parcel.may_void = parcel.live is not None and ParcelState.VOID in NEXT[parcel.live.state]
        parcel.way = method_name(parcel.order.shipping_code, default=parcel.order.shipping_method)
    may_send = may(request.user, "parcels-buy", "POST")
    context = {
        "view": view,
        "form": form,
        "page_obj": page_obj,
        "tabs": _tabs(VIEW_NAMES, view, "parcel-list", "view"),
        "carriers": carriers_selling(),
        "may_send": may_send,
        "may_void": may_send and any(parcel.may_void for parcel in page_obj),
    }
    return render(request, "carriers/office/list.html", context)


def parcel_figures(request: HttpRequest) -> HttpResponse:
    """Promised against delivered; every number opens its parcels."""
    by = request.GET.get("by", "")
    by = by if by in COLUMNS else "carrier"
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in map(str, WEEKS) else WEEKS[0]
    until = timezone.localdate()
    since = until - dt.timedelta(weeks=weeks)
    days = {"since": since.isoformat(), "until": until.isoformat()}
    rows = []
    for row in promises_kept(by=by, since=since, until=until):
        base = {"view": "all", **days, by: row.key}
        rows.append(
            {
                "row": row,
                "name": _named(by, row.key),
                "url": _list_url(base),
                "on_time_url": _list_url({**base, "kept": "yes"}),
                "late_url": _list_url({**base, "kept": "no"}),
                "kept_url": _list_url({**base, "kept": SETTLED}),
                "lost_url": _list_url({**base, "wrong": ParcelState.LOST.value}),
                "damaged_url": _list_url({**base, "wrong": ParcelState.DAMAGED.value}),
            }
        )
    on_time = sum(one["row"].on_time for one in rows)
    settled = on_time + sum(one["row"].late for one in rows)
    context = {
        "rows": rows,
        "share": round(100 * on_time / settled, 1) if settled else None,
        "share_url": _list_url({"view": "all", **days, "kept": SETTLED}),
        "since": since,
        "tabs": [
            {**tab, "url": f"{tab['url']}&weeks={weeks}"}
            for tab in _tabs(BY_NAMES, by, "parcel-figures", "by")
        ],
        "spans": [
            {
                "name": ngettext("%(n)d week", "%(n)d weeks", n) % {"n": n},
                "url": f"{reverse('dashboard:parcel-figures')}?by={by}&weeks={n}",
                "is_current": n == weeks,
            }
            for n in sorted(WEEKS)
        ],
    }
    return render(request, "carriers/office/figures.html", context)


def parcel_label(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The label, as often as it is printed."""
    label = get_object_or_404(Label, pk=pk)
    if not label.pdf:
        raise Http404
    return pdf_response(bytes(label.pdf), name=f"label-{label.tracking_number}")


def parcel_rates(request: HttpRequest, pk: int) -> HttpResponse:
    """What each carrier asks for this parcel, with a button to buy the label of it."""
    rows = Shipment.objects.select_related("order__shipping_address", "warehouse")
    parcel = get_object_or_404(rows, pk=min(pk, MAX_ID))
    offers, silent = services.parcel_offers(parcel) if parcel.is_here else ([], [])
    context = {
        "parcel": parcel,
        "offers": offers,
        "silent": ", ".join(silent),
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "label": parcel.labels.exclude(state=ParcelState.VOID).defer("pdf").first(),
        "next": reverse("dashboard:order-detail", args=[parcel.order.number]),
    }
    return render(request, "carriers/office/rates.html", context)


def parcel_ask(request: HttpRequest, pk: int) -> HttpResponse:
    label = get_object_or_404(Label, pk=pk)
    try:
        services.label_refresh(label=label)
    except CarrierUnavailable:
        messages.error(request, _("The carrier does not answer. Please try again soon."))
    else:
        messages.success(request, _("The carrier was asked."))
    return _back(request)


def parcel_void(request: HttpRequest, pk: int) -> HttpResponse:
    label = get_object_or_404(Label, pk=pk)
    try:
        services.label_void(label=label)
    except ImpossibleStep:
        messages.error(request, _("It is with the carrier already."))
    except (CarrierRefused, CarrierUnavailable):
        messages.error(request, _("The carrier does not answer. Please try again soon."))
    else:
        messages.success(request, _("The label is cancelled."))
    return _back(request)


def parcels_buy(request: HttpRequest) -> HttpResponse:
    """A label for each ticked parcel, by the carrier of its delivery unless one is chosen."""
    chosen = request.POST.get("carrier", "")
    wanted = request.POST.get("service", "")
    known = {one.code: one.services for one in carriers_selling()}

    def buy(parcel: Shipment) -> None:
        carrier, service = carrier_for(parcel)
        if chosen in known:
            carrier, service = chosen, wanted if wanted in known[chosen] else ""
        services.label_buy(parcel=parcel, carrier=carrier, service=service, user=request.user)

    count = _each(request, buy)
    if count:
        text = ngettext("%(n)d label bought.", "%(n)d labels bought.", count)
        messages.success(request, text % {"n": count})
    return _back(request)


def parcels_hand_over(request: HttpRequest) -> HttpResponse:
    """The carrier takes the ticked parcels; those without a label stay."""

    def hand_over(parcel: Shipment) -> None:
        label = parcel.labels.exclude(state=ParcelState.VOID).first()
        if label is None:
            raise ImpossibleStep("no label")
        services.label_hand_over(label=label, user=request.user)

    count = _each(request, hand_over)
    if count:
        text = ngettext("%(n)d parcel handed over.", "%(n)d parcels handed over.", count)
        messages.success(request, text % {"n": count})
    return _back(request)


def _each(request: HttpRequest, step: Callable[[Shipment], None]) -> int:
    """Each ticked parcel by itself; those that did not work are named. How many did."""
    ticked = [key_of(pk) for pk in request.POST.getlist("parcel")[:MOST]]
    parcels = Shipment.objects.filter(pk__in=ticked)
    done, left, is_silent, unpaid = 0, [], False, False
    for parcel in parcels.select_related("order").order_by("pk"):
        try:
            step(parcel)
        except CarrierUnavailable:
            left.append(parcel.order.number)
            is_silent = True
        except NotPaid as refusal:
            messages.error(request, refusal.message)
            unpaid = True
        except (CarrierRefused, ImpossibleStep, StockMismatch):
            left.append(parcel.order.number)
        else:
            done += 1
    if left:
        text = _("Not done: %(orders)s.") % {"orders": ", ".join(left)}
        silent = _("The carrier does not answer. Please try again soon.") if is_silent else ""
        messages.error(request, f"{text} {silent}".strip())
    elif not done and not unpaid:
        messages.warning(request, _("Tick the parcels first."))
    return done


def _tabs(names: dict[str, Any], current: str, page: str, key: str) -> list[dict[str, Any]]:
    base = reverse(f"dashboard:{page}")
    return [
        {"name": name, "url": f"{base}?{key}={code}", "is_current": code == current}
        for code, name in names.items()
    ]


def _list_url(query: dict[str, str]) -> str:
    return f"{reverse('dashboard:parcel-list')}?{urlencode(query)}"


def _named(by: str, key: str) -> str:
    if by == "carrier":
        return carrier_name(key)
    if by == "method":
        return method_name(key, default=key)
    return key or _("not known")


def _back(request: HttpRequest) -> HttpResponse:
    home = reverse("dashboard:parcel-list")
    return HttpResponseRedirect(next_path(request, request.POST.get("next", ""), home))
