"""The exceptions queue: the oldest first, each with the steps that can end it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.fulfilment import troubles as services
from orders.fulfilment.dashboard import forms
from orders.fulfilment.models import PARCEL_KINDS, Failure, Outcome, Trouble, TroubleKind
from orders.fulfilment.models.troubles import NEXT_STEPS
from orders.fulfilment.troubles import troubles_paid_back
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
#: What a carrier owes for. One that it sent back is nobody's fault, or shows as damaged.
CLAIM_KINDS = {
    TroubleKind.LATE: "late",
    TroubleKind.LOST: "lost",
    TroubleKind.DAMAGED: "damaged",
}


def trouble_list(request: HttpRequest, *, refused: tuple[int, str] | None = None) -> HttpResponse:
    """All that wait, or those of one order. ``refused``: the row whose step was not possible, and why."""
    asked = request.GET.get("view", "")
    waiting = Trouble.objects.filter(closed_at__isnull=True)
    counts = dict(waiting.order_by().values_list("kind").annotate(n=Count("pk")))
    link = reverse("dashboard:trouble-list")
    rows = waiting.order_by("opened_at", "pk")
    if asked == "done":
        rows = Trouble.objects.filter(closed_at__isnull=False).order_by("-closed_at")
    elif asked in TroubleKind.values:
        rows = rows.filter(kind=asked)
    number = request.GET.get("order", "")
    if number:
        rows = rows.filter(order__number=number)
    rows = rows.select_related(
        "order",
        "consignment_line__order_line__product__parent",
        "consignment_line__consignment__warehouse",
        "shipment__sent_again__order",
        "opened_by",
        "closed_by",
    ).prefetch_related("shipment__labels")
    tabs = [(TroubleKind(code).label, code, counts.get(code, 0)) for code in TroubleKind.values]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    paid = troubles_paid_back(page)
    for row in page:
        row.is_parcel = row.kind in PARCEL_KINDS and row.shipment is not None
        row.steps = [(code, Outcome(code).label) for code in _ways(row, paid)]
        row.claim_kind = CLAIM_KINDS.get(row.kind, "")
        row.label = _label_of(row)
        row.refused = refused[1] if refused and refused[0] == row.pk else ""
    context = {
        "page_obj": page,
        "is_done": asked == "done",
        "number": number,
        "tabs": [
            {"name": _("All"), "url": link, "count": sum(counts.values()), "is_current": not asked},
            *(
                {
                    "name": name,
                    "url": f"{link}?view={code}",
                    "count": count,
                    "is_current": asked == code,
                }
                for name, code, count in tabs
            ),
            {"name": _("Dealt with"), "url": f"{link}?view=done", "is_current": asked == "done"},
        ],
        "may_close": may(request.user, "trouble-close", "POST"),
        "may_edit": may(request.user, "order-edit"),
        "may_send_again": may(request.user, "parcel-again", "POST"),
        "may_claim": may(request.user, "claim-new"),
        "may_refund": may(request.user, "refund-ask-new", "POST"),
        "may_take_back": may(request.user, "parcel-back", "POST"),
    }
    status = 422 if refused else 200
    return render(request, "fulfilment/office/trouble_list.html", context, status=status)


def trouble_close(request: HttpRequest, pk: int) -> HttpResponse:
    trouble = get_object_or_404(Trouble, pk=min(pk, MAX_ID))
    form = forms.TroubleForm(request.POST)
    if not form.is_valid():
        return trouble_list(request, refused=(trouble.pk, _("Choose how it ends.")))
    try:
        is_new = services.trouble_close(
            trouble=trouble,
            outcome=Outcome(form.cleaned_data["outcome"]),
            words=form.cleaned_data["words"],
            user=request.user,
        )
    except StepRefused as refusal:
        return trouble_list(request, refused=(trouble.pk, refusal.message))
    if is_new:
        messages.success(request, _("Dealt with."))
    else:
        messages.info(request, _("Somebody dealt with it already."))
    return redirect("dashboard:trouble-list")


def _ways(trouble: Trouble, paid: set[int]) -> list[str]:
    """Of a parcel only what is so: it was sent again, or money was sent back."""
    ways = list(NEXT_STEPS[trouble.kind])
    parcel = trouble.shipment
    if trouble.kind not in PARCEL_KINDS or parcel is None:
        return ways
    so = {
        Outcome.AGAIN: services.is_sent_again(parcel),
        Outcome.PAID: trouble.pk in paid,
        Outcome.CAME: parcel.failed != Failure.RETURNED,
    }
    return [way for way in ways if so.get(Outcome(way), True)]


def _label_of(trouble: Trouble) -> Any:
    """Of the parcel that is late, lost or broken, as its carrier knows it."""
    if trouble.shipment is None or trouble.kind not in CLAIM_KINDS:
        return None
    return next((one for one in trouble.shipment.labels.all() if one.handed_at), None)
