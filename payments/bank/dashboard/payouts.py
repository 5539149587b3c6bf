"""Payouts to make: money that goes back by a person's hand, the file for the bank, and what was sent."""

import csv
import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.paths import key_of
from payments.bank.exceptions import BankRefused
from payments.bank.forms import AccountForm
from payments.bank.models import BankLine
from payments.bank.payouts import (
    KNOWN,
    READY,
    account_tell,
    payout_match,
    payout_reference,
    payout_send,
    payout_unsend,
    payouts_file,
    payouts_open,
)
from payments.gateways import gateway
from payments.models import Refund, RefundState
from payments.services import by_hand
from shop.core import outbox
from shop.core.audit.models import Action
from shop.core.audit.services import entry_write
from shop.core.levels import masked
from shop.core.office import csv_safe, may
from shop.core.sealed import unseal
from shop.core.throttle import client_address

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
MOST_IN_FILE = 1000
HEAD = ["reference", "holder", "account", "bank", "amount", "currency", "order"]

VIEWS = {
    "ready": (gettext_lazy("To send"), READY),
    "filed": (gettext_lazy("In a file"), Q(payout__filed_at__isnull=False)),
    "asked": (gettext_lazy("Account asked for"), ~KNOWN),
    "sent": (gettext_lazy("Sent"), Q()),
}


def payout_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "ready"
    page = Paginator(_rows(view), PAGE_SIZE).get_page(request.GET.get("page"))
    may_send = may(request.user, "payout-send", "POST")
    may_unsend = may(request.user, "payout-unsend", "POST")
    for one in page:
        one.paid_by = gateway((one.intent.origin or one.intent).gateway).label
        one.named = getattr(one, "payout", None)
        if one.named is not None:
            one.holder = masked(unseal(one.named.holder), "name")
            one.account = masked(unseal(one.named.account), "reference")
        one.says = payout_reference(one)
        one.can_unsend = may_unsend and one.named is not None and one.named.line_id is None
        one.can_send = may_send and one.state == RefundState.PENDING
    link = reverse("dashboard:payout-list")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _rows_of) in VIEWS.items()
    ]
    sums = _rows(view).order_by().values("intent__currency")
    context = {
        "page_obj": page,
        "tabs": tabs,
        "view": view,
        "sums": list(sums.annotate(sum=Sum("amount"), count=Count("pk")) if view != "sent" else []),
        "may_file": may(request.user, "payout-file", "POST") and view in ("ready", "filed"),
        "may_name": may(request.user, "payout-account"),
    }
    return render(request, "bank/payout_list.html", context)


def payout_file(request: HttpRequest) -> HttpResponse:
    """The transfers to make as CSV; their payers cannot name another account from now on.

    POST ``view``: those not in a file yet, or those that are in one already, once more.
    """
    view = "filed" if request.POST.get("view") == "filed" else "ready"
    rows = payouts_file(refunds=_rows(view)[:MOST_IN_FILE], is_again=view == "filed")
    if not rows:
        messages.info(request, _("There is nothing to send."))
        return redirect("dashboard:payout-list")
    entry_write(
        action=Action.EXPORT,
        actor=request.user.pk,
        place="payout-file",
        address=client_address(request),
        label="bank.payout",
        subject="bank.payout",
        new={"refunds": [one.pk for one in rows]},
    )
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEAD)
    for one in rows:
        cells = [
            payout_reference(one),
            masked(unseal(one.payout.holder), "name"),
            masked(unseal(one.payout.account), "reference"),
            one.payout.bank,
            one.amount,
            one.intent.currency,
            one.intent.order_number,
        ]
        table.writerow([csv_safe(cell) for cell in cells])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"payouts-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def payout_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has sent it at the bank, or handed it over."""
    refund = _refund(pk)
    note = request.POST.get("note", "").replace("\0", "")
    try:
        payout_send(refund=refund, note=note, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        outbox.relay()
        text = _("Sent. The books, the credit note and the customer’s mail follow.")
        messages.success(request, text)
    return redirect(_back(request))


def payout_unsent(request: HttpRequest, pk: int) -> HttpResponse:
    """It was marked by mistake and nobody has sent it."""
    try:
        payout_unsend(refund=_refund(pk), user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It waits to be sent again; the books say so too."))
    return redirect(_back(request))


def payout_matched(request: HttpRequest, pk: int) -> HttpResponse:
    """The line ``pk`` of a statement shows the refund of POST ``refund`` leaving."""
    line = get_object_or_404(BankLine, pk=min(pk, MAX_ID))
    refund = _refund(key_of(request.POST.get("refund", "")))
    try:
        payout_match(line=line, refund=refund, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        outbox.relay()
        messages.success(request, _("Found on the statement: it is sent."))
    return redirect("dashboard:bank-list")


def payout_account(request: HttpRequest, number: str) -> HttpResponse:
    """The customer named an account on the telephone; what was named is not shown again."""
    refunds = list(payouts_open().filter(intent__order_number=number[:40]))
    if not refunds:
        raise Http404
    form = AccountForm(request.POST or None, auto_id="account_%s")
    if request.method == "POST" and form.is_valid():
        try:
            account_tell(order_number=number[:40], user=request.user, **form.cleaned_data)
        except BankRefused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Kept. Finance sends it from the page of payouts."))
        if may(request.user, "order-detail"):
            return redirect("dashboard:order-detail", number=number)
        return redirect("dashboard:payout-list")
    named = [one.payout.shown for one in refunds if getattr(one, "payout", None)]
    context = {
        "form": form,
        "number": number,
        "refunds": refunds,
        "named": named[-1] if named else "",
        "may_see_order": may(request.user, "order-detail"),
    }
    status = 422 if form.errors else 200
    return render(request, "bank/payout_account.html", context, status=status)


def _rows(view: str) -> QuerySet[Refund]:
    if view == "sent":
        rows = Refund.objects.filter(by_hand(), state=RefundState.DONE)
        rows = rows.select_related("intent__origin", "payout__line", "payout__sent_by")
        return rows.order_by("-settled_at", "-pk")
    return payouts_open().filter(VIEWS[view][1])


def _refund(pk: int) -> Refund:
    return get_object_or_404(
        Refund.objects.select_related("intent__origin"), by_hand(), pk=min(pk, MAX_ID)
    )


def _back(request: HttpRequest) -> str:
    view = request.POST.get("view", "")
    link = reverse("dashboard:payout-list")
    return f"{link}?view={view}" if view in VIEWS else link
