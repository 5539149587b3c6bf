"""What is to be sent, by where it stands; and why a warehouse sends an order."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.fulfilment.dashboard import forms
from orders.fulfilment.dashboard.selectors import (
    VIEWS,
    consignment_read,
    sending_find,
    views_counted,
)
from orders.fulfilment.models import Consignment, ConsignmentState
from orders.fulfilment.troubles import consignment_reroute
from shop.core.office import may

PAGE_SIZE = 60
TONES = {"routed": "info", "picking": "warn", "picked": "warn", "packed": "good", "left": "good"}
MAX_ID = 2**63 - 1


def sending_list(request: HttpRequest, *, wave_form: forms.WaveForm | None = None) -> HttpResponse:
    form = forms.SendingFilterForm(request.GET or None)
    counts, asked = views_counted(), request.GET.get("view", "")
    first = next((code for code in VIEWS if counts.get(code)), "routed")
    view = asked if asked in VIEWS else first
    rows = sending_find(view=view, **(form.criteria() if form.is_bound else {}))
    link = reverse("dashboard:sending-list")
    context: dict[str, Any] = {
        "view": view,
        "form": form,
        "keep": {"view": view},
        "is_by_order": VIEWS[view].rows is None,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": [
            {
                "name": one.name,
                "url": f"{link}?view={one.code}",
                "count": counts.get(one.code, 0),
                "is_current": one.code == view,
            }
            for one in VIEWS.values()
        ],
        "key": uuid.uuid4(),
        "wave_form": wave_form or forms.WaveForm(auto_id="wave_%s"),
        "may_batch": may(request.user, "sending-batch", "POST"),
        "may_wave": may(request.user, "wave-add", "POST"),
        "may_pack": may(request.user, "pack-table"),
        "may_see_waves": may(request.user, "wave-list"),
    }
    status = 422 if wave_form else 200
    return render(request, "fulfilment/office/sending_list.html", context, status=status)


def sending_detail(
    request: HttpRequest, pk: int, *, form: forms.RerouteForm | None = None
) -> HttpResponse:
    """One order in one warehouse: its lines, and what the policy saw when it chose."""
    consignment = _consignment_or_404(pk)
    movable = (ConsignmentState.ROUTED, ConsignmentState.PICKING)
    may_move = may(request.user, "sending-reroute", "POST")
    context = {
        "consignment": consignment,
        "tone": TONES.get(consignment.state, ""),
        "considered": consignment.facts.get("considered", []),
        "form": form or forms.RerouteForm(without=consignment.warehouse_id),
        "may_reroute": may_move and consignment.state in movable,
        "may_pack": may(request.user, "pack-consignment")
        and consignment.state in (ConsignmentState.ROUTED, ConsignmentState.PICKED),
    }
    status = 422 if form else 200
    return render(request, "fulfilment/office/sending_detail.html", context, status=status)


def sending_reroute(request: HttpRequest, pk: int) -> HttpResponse:
    consignment = _consignment_or_404(pk)
    form = forms.RerouteForm(request.POST, without=consignment.warehouse_id)
    if not form.is_valid():
        return sending_detail(request, pk, form=form)
    try:
        made = consignment_reroute(consignment=consignment, user=request.user, **form.cleaned_data)
    except StepRefused as refusal:
        form.add_error("warehouse", refusal.message)
        return sending_detail(request, pk, form=form)
    messages.success(request, _("Sent from %(warehouse)s now.") % {"warehouse": made.warehouse})
    return redirect("dashboard:sending-detail", pk=made.pk)


def _consignment_or_404(pk: int) -> Consignment:
    found = consignment_read(min(pk, MAX_ID))
    if found is None:
        raise Http404
    return found
