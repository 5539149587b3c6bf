"""Payments, refunds and what providers told us, for those who answer for the money."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments import services
from payments.bank.selectors import TRANSFER, missing_of
from payments.exceptions import (
    GatewayUnavailable,
    ImpossibleStep,
    PaymentError,
    RefundTooLarge,
)
from payments.gateways import gateway
from payments.models import (
    Capture,
    CaptureState,
    IntentState,
    PaymentIntent,
    Refund,
    RefundState,
    WebhookEvent,
)
from payments.selectors import held_of
from payments.services import is_by_hand
from payments.services.problems import problem_clear, refund_again
from shop.core import outbox
from shop.core.levels import sees
from shop.core.office import may

PAGE_SIZE = 40
Views = dict[str, tuple[str | Promise, Q]]

WAITING = (IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED, IntentState.CANCELLING)
ENDED = (IntentState.CANCELLED, IntentState.FAILED)
PAYMENTS: Views = {
    "all": (gettext_lazy("All"), Q()),
    "waiting": (gettext_lazy("Waiting"), Q(state__in=WAITING)),
    "paid": (gettext_lazy("Paid"), Q(state=IntentState.CAPTURED)),
    "ended": (gettext_lazy("Not paid"), Q(state__in=ENDED)),
    "problems": (gettext_lazy("Problems"), ~Q(problem="")),
}
REFUNDS: Views = {
    "pending": (gettext_lazy("On their way"), Q(state=RefundState.PENDING)),
    "refused": (gettext_lazy("Refused"), Q(state=RefundState.REFUSED)),
    "done": (gettext_lazy("Refunded"), Q(state=RefundState.DONE)),
    "all": (gettext_lazy("All"), Q()),
}
WEBHOOKS: Views = {
    "all": (gettext_lazy("All"), Q()),
    "waiting": (gettext_lazy("Waiting"), Q(processed_at__isnull=True, parked_at__isnull=True)),
    "parked": (gettext_lazy("Given up"), Q(parked_at__isnull=False)),
}


def payment_list(request: HttpRequest) -> HttpResponse:
    rows = PaymentIntent.objects.order_by("-pk")
    text = request.GET.get("q", "")[:120].strip()
    if text:
        rows = rows.filter(
            Q(order_number__icontains=text)
            | Q(reference=text)
            | (Q(email__icontains=text) if sees("email") else Q())
        )
    context = _index(request, rows, PAYMENTS, "payment-list") | {"text": text}
    for intent in context["page_obj"]:
        intent.paid_by = gateway(intent.gateway).label
    return render(request, "payments/payment_list.html", context)


def payment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    intent = get_object_or_404(PaymentIntent, pk=pk)
    by = gateway(intent.gateway)
    context = {
        "intent": intent,
        "paid_by": by.label,
        "left": intent.amount_captured - intent.amount_refunded,
        "held": held_of(intent),
        "captures": intent.captures.order_by("pk"),
        "may_capture": intent.state == IntentState.AUTHORISED
        and may(request.user, "capture-retry", "POST"),
        "entries": intent.entries.select_related("by").order_by("happened_at", "pk"),
        "refunds": intent.refunds.select_related("requested_by").order_by("created_at", "pk"),
        "news": _news(intent),
        "may_see_order": may(request.user, "order-detail"),
        "may_refresh": by.is_hosted and may(request.user, "payment-refresh", "POST"),
        "missing": missing_of(intent) if intent.gateway == TRANSFER else None,
        "came": intent.bank_shares.select_related("line").order_by("pk"),
        "may_let_go": may(request.user, "bank-short", "POST"),
        "may_settle": bool(intent.problem) and may(request.user, "payment-settle", "POST"),
    }
    return render(request, "payments/payment_detail.html", context)


def payment_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the provider how it stands."""
    intent = get_object_or_404(PaymentIntent, pk=pk)
    try:
        intent = services.intent_refresh(intent=intent, source="operator")
    except GatewayUnavailable:
        messages.warning(
            request, _("The provider does not answer. Nothing is lost; try again in a minute.")
        )
    except PaymentError as error:
        messages.error(request, _("The provider refused: %(error)s") % {"error": error})
    else:
        outbox.relay()
        text = _("The provider says: %(state)s.") % {"state": intent.get_state_display()}
        messages.success(request, text)
    return redirect("dashboard:payment-detail", pk=pk)


def payment_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked at the problem and it is settled."""
    intent = get_object_or_404(PaymentIntent, pk=pk)
    if problem_clear(intent=intent, user=request.user):
        messages.success(request, _("Marked as settled."))
    return redirect("dashboard:payment-detail", pk=pk)


def capture_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask now for money that was authorised and not taken as the goods left."""
    capture = get_object_or_404(Capture.objects.select_related("intent"), pk=pk)
    try:
        capture = services.capture_again(capture=capture, user=request.user)
        capture = services.capture_send(capture=capture)
    except ImpossibleStep:
        messages.error(request, _("Nothing is held any more that could be taken."))
        return redirect("dashboard:payment-detail", pk=capture.intent_id)
    if capture.state == CaptureState.DONE:
        outbox.relay()
        messages.success(request, _("The money is taken."))
    else:
        error = capture.last_error or _("an older one has to be taken first")
        messages.warning(request, _("Not yet: %(error)s") % {"error": error})
    return redirect("dashboard:payment-detail", pk=capture.intent_id)


def refund_list(request: HttpRequest) -> HttpResponse:
    rows = Refund.objects.select_related("intent__origin", "requested_by").order_by("-pk")
    context = _index(request, rows, REFUNDS, "refund-list")
    refunds = list(context["page_obj"])
    keys = Refund.objects.filter(key__in=[f"again-{refund.pk}" for refund in refunds])
    again = set(keys.values_list("key", flat=True))
    may_retry = may(request.user, "refund-retry", "POST")
    for refund in refunds:
        waits = refund.state == RefundState.PENDING and is_by_hand(refund)  # for a person
        is_open = (
            refund.state != RefundState.DONE and not waits and f"again-{refund.pk}" not in again
        )
        refund.can_retry = may_retry and is_open
    context |= {
        "refunds": refunds,
        "may_retry": any(refund.can_retry for refund in refunds),
        "may_see_payment": may(request.user, "payment-detail"),
    }
    return render(request, "payments/refund_list.html", context)


def refund_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a pending one now, or decide once more on a refused one."""
    refund = get_object_or_404(Refund.objects.select_related("intent"), pk=pk)
    try:
        if refund.state == RefundState.REFUSED:
            refund = refund_again(refund=refund, user=request.user)
        refund = services.refund_send(refund=refund)
    except RefundTooLarge:
        messages.error(request, _("The money went back another way; nothing is left to refund."))
        return redirect("dashboard:refund-list")
    if refund.state == RefundState.DONE:
        messages.success(request, _("Refunded."))
    else:
        text = _("Not yet: %(error)s") % {"error": refund.last_error}
        messages.warning(request, text)
    return redirect(f"{reverse('dashboard:refund-list')}?view={refund.state}")


def webhook_list(request: HttpRequest) -> HttpResponse:
    rows = WebhookEvent.objects.order_by("-received_at", "-pk")
    return render(
        request, "payments/webhook_list.html", _index(request, rows, WEBHOOKS, "webhook-list")
    )


def _index(request: HttpRequest, rows: QuerySet, views: Views, url_name: str) -> dict:
    """What every list of this area shows: tabs, the open one, and a page of its rows."""
    asked = request.GET.get("view", "")
    view = asked if asked in views else next(iter(views))
    link = reverse(f"dashboard:{url_name}")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _rows) in views.items()
    ]
    page = Paginator(rows.filter(views[view][1]), PAGE_SIZE).get_page(request.GET.get("page"))
    return {"tabs": tabs, "view": view, "page_obj": page}


def _news(intent: PaymentIntent) -> QuerySet[WebhookEvent]:
    references = [str(intent.key), *filter(None, [intent.reference])]
    return WebhookEvent.objects.filter(provider=intent.gateway, reference__in=references).order_by(
        "received_at", "pk"
    )
