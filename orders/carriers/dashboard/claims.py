"""What carriers owe: claims by what is to be done with them, and the steps of each."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.opinions.forms import PlainTextField
from orders.carriers import services
from orders.carriers.models import Claim, Label
from orders.carriers.states import CLAIM_NEXT, ClaimKind, ClaimState
from orders.exceptions import StepRefused
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
TONES = {
    ClaimState.OPEN: "warn",
    ClaimState.SENT: "info",
    ClaimState.GRANTED: "info",
    ClaimState.PAID: "good",
    ClaimState.REFUSED: "hot",
}
STEP_WORDS = {
    ClaimState.SENT: gettext_lazy("Handed in"),
    ClaimState.GRANTED: gettext_lazy("They pay"),
    ClaimState.REFUSED: gettext_lazy("They refuse"),
    ClaimState.PAID: gettext_lazy("The money is here"),
    ClaimState.DROPPED: gettext_lazy("Do not pursue"),
}


class ClaimForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ClaimKind.choices)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        help_text=gettext_lazy("Left empty: what was paid for the things and the parcel."),
    )
    words = PlainTextField(label=gettext_lazy("Note"), max_length=300, required=False)


class StepForm(forms.Form):
    state = forms.ChoiceField(choices=ClaimState.choices)
    reference = PlainTextField(
        label=gettext_lazy("Number at the carrier"), max_length=60, required=False
    )
    granted = forms.DecimalField(
        label=gettext_lazy("Granted"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
    )
    words = PlainTextField(label=gettext_lazy("Note"), max_length=300, required=False)


def claim_list(request: HttpRequest) -> HttpResponse:
    """By state; what has to be handed in soonest stands first."""
    asked = request.GET.get("view", ClaimState.OPEN)
    known = asked if asked in ClaimState.values else "all"
    rows = Claim.objects.select_related("label__order")
    if known != "all":
        rows = rows.filter(state=known)
    counts = dict(Claim.objects.order_by().values_list("state").annotate(n=Count("pk")))
    link = reverse("dashboard:claim-list")
    names = [*ClaimState.choices, ("all", _("All"))]
    page = Paginator(rows.order_by("deadline", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [_row(one) for one in page],
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "tabs": [
            {
                "name": name,
                "url": f"{link}?view={code}",
                "count": counts.get(code, 0) if code != "all" else "",
                "is_current": code == known,
            }
            for code, name in names
        ],
    }
    return render(request, "carriers/office/claim_list.html", context)


def claim_new(request: HttpRequest, pk: int) -> HttpResponse:
    """For one label; the amount and the last day are proposed by the contract."""
    label = get_object_or_404(Label.objects.select_related("order__sums"), pk=min(pk, MAX_ID))
    asked = request.GET.get("kind", "")
    kind = asked if asked in ClaimKind.values else _kind_of(label)
    if request.method != "POST":
        amount, deadline = services.claim_proposal(label=label, kind=kind)
        form = ClaimForm(initial={"kind": kind, "amount": amount})
        return _new_page(request, label, form, deadline=deadline)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _new_page(request, label, form, status=422)
    try:
        claim = services.claim_open(label=label, user=request.user, **form.cleaned_data)
    except StepRefused as refusal:
        form.add_error(None, refusal.message)
        return _new_page(request, label, form, status=422)
    return redirect("dashboard:claim-detail", pk=claim.pk)


def claim_detail(request: HttpRequest, pk: int, *, form: StepForm | None = None) -> HttpResponse:
    rows = Claim.objects.select_related("label__order__sums", "label__shipment", "opened_by")
    claim = get_object_or_404(rows, pk=min(pk, MAX_ID))
    may_change = may(request.user, "claim-move", "POST")
    context = {
        **_row(claim),
        "form": form or StepForm(initial={"granted": claim.amount}),
        "steps": [(code, STEP_WORDS[code]) for code in CLAIM_NEXT[claim.state]]
        if may_change
        else [],
        "asks_amount": ClaimState.GRANTED in CLAIM_NEXT[claim.state],
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "may_see_orders": may(request.user, "order-detail"),
    }
    status = 422 if form is not None else 200
    return render(request, "carriers/office/claim.html", context, status=status)


def claim_move(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(Claim.objects.select_related("label"), pk=min(pk, MAX_ID))
    form = StepForm(request.POST)
    if not form.is_valid():
        return claim_detail(request, pk, form=form)
    try:
        is_new = services.claim_move(claim=claim, **form.cleaned_data)
    except StepRefused as refusal:
        form.add_error(None, refusal.message)
        return claim_detail(request, pk, form=form)
    if is_new:
        messages.success(request, _("Noted."))
    else:
        messages.info(request, _("That was done already."))
    return redirect("dashboard:claim-detail", pk=pk)


def _new_page(
    request: HttpRequest, label: Label, form: ClaimForm, *, deadline: Any = None, status: int = 200
) -> HttpResponse:
    context = {"parcel": label, "form": form, "deadline": deadline}
    return render(request, "carriers/office/claim_new.html", context, status=status)


def _kind_of(label: Label) -> str:
    return label.state if label.state in ClaimKind.values else ClaimKind.LATE


def _row(claim: Claim) -> dict[str, Any]:
    is_open = claim.state == ClaimState.OPEN
    return {
        "claim": claim,
        "parcel": claim.label,
        "tone": TONES.get(ClaimState(claim.state), ""),
        "is_over": is_open and claim.deadline is not None and claim.deadline < timezone.localdate(),
    }
