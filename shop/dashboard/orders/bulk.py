"""One step for the ticked orders, or for all of a view: a worker takes it order by order.

Some steps ask for words first, on a page between. What becomes of each order stands on the page of the
batch (`orders.fulfilment.dashboard.batches`).
"""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from orders.fulfilment.batches import MOST, batch_make
from orders.fulfilment.dashboard.batches import batch_start
from orders.fulfilment.models import Batch, BatchAction
from orders.models import Order
from orders.papers.bundle import bundle_pdf
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import pdf_response
from shop.core.office import may
from shop.dashboard.orders import forms, listing, selectors
from shop.dashboard.orders.paging import NEAR

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """``page``: whoever may do it to one order may do it to many. ``form``: what is asked first."""

    label: str | Promise
    page: str
    form: type[django_forms.Form] | None = None


STEPS = {
    BatchAction.ROUTE: Step(gettext_lazy("Route"), "sending-batch"),
    BatchAction.WAVE: Step(gettext_lazy("Pick in a wave"), "wave-add"),
    BatchAction.PACK: Step(gettext_lazy("Mark as packed"), "order-pack"),
    BatchAction.LABEL: Step(gettext_lazy("Buy labels"), "parcels-buy"),
    BatchAction.LEAVE: Step(pgettext_lazy("parcel", "Hand over"), "parcels-hand-over"),
    BatchAction.RELEASE: Step(gettext_lazy("Release …"), "order-release", forms.ReleaseForm),
    BatchAction.HOLD: Step(gettext_lazy("Hold …"), "order-hold", forms.HoldForm),
    BatchAction.MESSAGE: Step(gettext_lazy("Write …"), "order-message", forms.BulkMessageForm),
}
#: Which of them a view offers, the usual one first.
OFFERED = {
    "to_pack": ("pack", "wave", "route", "hold", "message"),
    "to_ship": ("label", "leave", "hold", "message"),
    "late": ("pack", "wave", "route", "label", "leave", "hold", "message"),
    "on_hold": ("release", "message"),
    "messages": ("message", "hold"),
    "unpaid": ("message", "hold"),
    "unpaid_late": ("message", "hold"),
    "shipped": ("message",),
    "cancelled": ("message",),
}


def actions_for(user: Any, view: str) -> list[dict[str, Any]]:
    """The buttons over the list, for those who may."""
    offered = OFFERED.get(view, ("pack", "wave", "route", "label", "leave", "hold", "message"))
    return [
        {"value": code, "label": step.label, "page": "" if step.form else step.page}
        for code, step in ((code, STEPS[BatchAction(code)]) for code in offered)
        if may(user, step.page, "POST")
    ]


def orders_bulk(request: HttpRequest) -> HttpResponse:
    form = forms.BulkForm(request.POST)
    asked = listing.asked_of(QueryDict(request.POST.get("query", "")[:2000]))
    numbers = list(dict.fromkeys(request.POST.getlist("order")))[:MOST]
    is_all = bool(request.POST.get("all"))
    back = f"{asked.path}?{asked.query()}"
    if not form.is_valid() or form.cleaned_data["action"] not in BatchAction.values:
        messages.error(request, _("Choose what to do with the orders."))
        return redirect(back)
    action = BatchAction(form.cleaned_data["action"])
    step = STEPS[action]
    if not may(request.user, step.page, "POST"):
        raise PermissionDenied
    ids = _all_of(asked) if is_all else _ids(numbers)
    if not ids:
        messages.warning(request, _("Tick the orders first."))
        return redirect(back)
    told: dict[str, Any] = {}
    if step.form is not None:
        is_told = bool(request.POST.get("told"))
        details = step.form(request.POST if is_told else None, auto_id="bulk_%s")
        if not is_told or not details.is_valid():
            context = {
                "step": step,
                "action": action,
                "form": details,
                "key": form.cleaned_data["key"],
                "query": asked.query(),
                "numbers": [] if is_all else numbers,
                "is_all": is_all,
                "count": len(ids),
                "back": back,
            }
            status = 422 if is_told else 200
            template = "oscar/dashboard/orders/bulk.html"
            return render(request, template, context, status=status)
        told = {name: str(value) for name, value in details.cleaned_data.items()}
    batch = batch_make(
        action=action,
        order_ids=ids,
        # The page's key with what is asked: the same form may be sent again for another step.
        key=uuid5(form.cleaned_data["key"], f"{action}:{sorted(told.items())}:{sorted(ids)}"),
        user=request.user,
        language=get_language() or "en",
        told=told,
    )
    batch_start(batch)
    return redirect("dashboard:batch-detail", pk=batch.pk)


def labels_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The labels and packing slips of a batch's orders in one file, order by order."""
    batch = get_object_or_404(Batch, pk=min(pk, 2**63 - 1))
    ids = list(batch.rows.order_by("pk").values_list("order", flat=True))
    try:
        data = bundle_pdf(order_ids=ids)
    except PrintingFailed:
        logger.exception("the papers of batch %s could not be printed", batch.pk)
        messages.error(request, _("It cannot be printed right now. Please try again soon."))
        return redirect("dashboard:batch-detail", pk=batch.pk)
    if data is None:
        messages.warning(request, _("Nothing of these orders goes into a parcel."))
        return redirect("dashboard:batch-detail", pk=batch.pk)
    return pdf_response(data, name=f"parcels-{batch.pk}")


def _ids(numbers: list[str]) -> list[int]:
    rows = Order.objects.filter(number__in=[one.replace("\0", "")[:128] for one in numbers])
    return list(rows.order_by("date_placed", "pk").values_list("pk", flat=True))


def _all_of(asked: listing.Asked) -> list[int]:
    """Every order that the list shows on any of its pages, the oldest first; at most ``MOST``."""
    rows = selectors.orders_find(view=asked.view, **asked.criteria)
    return list(rows.reverse().values_list("pk", flat=True)[: min(MOST, NEAR)])
