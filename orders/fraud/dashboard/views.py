"""The queue of orders that wait for a look, and one of them with its reasons."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.exceptions import ImpossibleStep
from orders.fraud.dashboard.forms import DecisionForm
from orders.fraud.exceptions import AlreadyDecided
from orders.fraud.facts import Facts
from orders.fraud.models import CheckState, FraudCheck, Verdict
from orders.fraud.rules import reason_words
from orders.fraud.selectors import checks_decided, checks_waiting
from orders.fraud.services import check_approve, check_decline
from orders.fraud.settings import order_listed
from shop.core.office import may

PAGE_SIZE = 40
TRUST = gettext_lazy("Trust this e-mail, telephone, address and card from now on")
BLOCK = gettext_lazy("Block this e-mail, telephone, address and card from now on")


def fraud_list(request: HttpRequest) -> HttpResponse:
    """Waiting, or decided with ``?view=decided``."""
    is_decided = request.GET.get("view") == "decided"
    rows = checks_decided() if is_decided else checks_waiting()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    link = reverse("dashboard:fraud-list")
    context = {
        "tabs": [
            {
                "name": _("To be looked at"),
                "url": link,
                "count": page.paginator.count if not is_decided else "",
                "is_current": not is_decided,
            },
            {
                "name": _("Decided"),
                "url": f"{link}?view=decided",
                "count": "",
                "is_current": is_decided,
            },
        ],
        "page_obj": page,
        "rows": [(one, reasons_shown(one)) for one in page.object_list],
        "is_decided": is_decided,
        "may_see_rules": may(request.user, "fraud-rules"),
        "may_see_lists": may(request.user, "fraud-listed"),
    }
    return render(request, "fraud/office/list.html", context)


def fraud_detail(
    request: HttpRequest, number: str, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One order: why it waits, what is known, and the two ways on."""
    check = _check(number)
    facts = Facts(order=check.order, check=check)
    context = {
        "check": check,
        "order": check.order,
        "reasons": reasons_shown(check),
        "facts": facts,
        "may_decide": check.state == CheckState.HELD and may(request.user, "fraud-approve", "POST"),
        "may_see_order": may(request.user, "order-detail"),
        "approve_form": DecisionForm(remember=TRUST, auto_id="approve_%s"),
        "decline_form": DecisionForm(remember=BLOCK, auto_id="decline_%s"),
    } | (bound or {})
    status = 422 if bound else 200
    return render(request, "fraud/office/detail.html", context, status=status)


def approve(request: HttpRequest, number: str) -> HttpResponse:
    check = _check(number)
    form = DecisionForm(request.POST, remember=TRUST, auto_id="approve_%s")
    if not form.is_valid():
        return fraud_detail(request, number, bound={"approve_form": form})
    words = form.cleaned_data["words"]
    try:
        check_approve(check=check, user=request.user, words=words)
    except AlreadyDecided:
        messages.info(request, _("Somebody decided about this order already."))
        return redirect("dashboard:fraud-detail", number=number)
    if form.cleaned_data["remember"]:
        _remember(request, check, Verdict.TRUSTED, words)
    messages.success(request, _("Approved. The order goes on."))
    return redirect("dashboard:fraud-list")


def decline(request: HttpRequest, number: str) -> HttpResponse:
    check = _check(number)
    form = DecisionForm(request.POST, remember=BLOCK, auto_id="decline_%s")
    if not form.is_valid():
        return fraud_detail(request, number, bound={"decline_form": form})
    words = form.cleaned_data["words"]
    try:
        check_decline(check=check, user=request.user, words=words)
    except AlreadyDecided:
        messages.info(request, _("Somebody decided about this order already."))
        return redirect("dashboard:fraud-detail", number=number)
    except ImpossibleStep:
        messages.error(request, _("It has left already; nothing was changed."))
        return redirect("dashboard:fraud-detail", number=number)
    if form.cleaned_data["remember"]:
        _remember(request, check, Verdict.BLOCKED, words)
    messages.success(request, _("Declined. The order is cancelled, and what was paid goes back."))
    return redirect("dashboard:fraud-list")


def reasons_shown(check: FraudCheck) -> list[tuple[str, int]]:
    """Each reason in words, with its weight."""
    return [(reason_words(one), one["weight"]) for one in check.reasons]


def _remember(request: HttpRequest, check: FraudCheck, verdict: Verdict, words: str) -> None:
    """Only by who may set the lists; the box is not offered to others, and is ignored from them."""
    if may(request.user, "fraud-listed", "POST"):
        facts = Facts(order=check.order, check=check)
        order_listed(facts=facts, verdict=verdict, reason=words, user=request.user)


def _check(number: str) -> FraudCheck:
    rows = FraudCheck.objects.select_related(
        "order__shipping_address",
        "order__billing_address",
        "order__sums",
        "order__user",
        "decided_by",
    )
    return get_object_or_404(rows, order__number=number)
