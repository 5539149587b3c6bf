"""Bank statements: taking them in, and what waits for somebody to say what it was for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.bank import services
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine
from payments.bank.payouts import payouts_to_match
from payments.bank.selectors import (
    WAITING,
    candidates,
    payouts_for,
    suggestions_for,
    transfer_of,
)
from payments.bank.statements import Read, statement_read
from shop.core import outbox
from shop.core.office import may
from shop.core.tables import TableForm, table_field

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
VIEWS = {
    "waiting": (gettext_lazy("To assign"), WAITING),
    "done": (gettext_lazy("Done"), ~WAITING),
    "all": (gettext_lazy("All"), Q()),
}


class StatementForm(TableForm):
    table = table_field(
        example="date,amount,currency,reference,payer,id",
        help_text=gettext_lazy("Columns: date, amount, currency, reference, payer and id."),
        lines=8,
    )
    rows: list[Read]

    def table_take(self, text: str) -> None:
        self.rows = statement_read(text)


def bank_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "waiting"
    rows = BankLine.objects.filter(VIEWS[view][1]).select_related("payout__refund__intent")
    rows = rows.prefetch_related("shares__intent")
    order = ("booked_on", "pk") if view == "waiting" else ("-booked_on", "-pk")
    page = Paginator(rows.order_by(*order), PAGE_SIZE).get_page(request.GET.get("page"))
    may_use = may(request.user, "bank-assign", "POST")
    may_match = may(request.user, "payout-match", "POST")
    sent = payouts_to_match() if may_match and any(line.is_out for line in page) else []
    among = candidates() if may_use and any(line.left for line in page) else []
    for line in page:
        line.can_use = may_use and line.left > 0
        is_in = line.can_use and not line.is_out
        line.suggested = suggestions_for(line, among) if is_in else []
        is_out = line.can_use and line.is_out and may_match
        line.payouts = payouts_for(line, sent) if is_out else []
    link = reverse("dashboard:bank-list")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _rows) in VIEWS.items()
    ]
    context = {"page_obj": page, "tabs": tabs, "may_import": may(request.user, "bank-import")}
    return render(request, "bank/line_list.html", context)


def bank_import(request: HttpRequest) -> HttpResponse:
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        taken = services.statement_take(rows=form.rows, user=request.user)
        outbox.relay()
        text = _(
            "%(new)s lines are new, %(matched)s of them were assigned at once; %(known)s were known, %(out)s left the account."
        )
        messages.success(request, text % vars(taken))
        return redirect("dashboard:bank-list")
    status = 422 if form.errors else 200
    return render(request, "bank/import.html", {"form": form}, status=status)


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """To the order that was named or suggested."""
    line = get_object_or_404(BankLine, pk=min(pk, MAX_ID))
    number = request.POST.get("number", "").replace("\0", "").strip()[:40]
    intent = transfer_of(number)
    if intent is None:
        text = _("There is no order “%(number)s” that is paid by transfer.")
        messages.error(request, text % {"number": number})
        return redirect("dashboard:bank-list")
    try:
        services.bank_line_assign(line=line, intent=intent, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        outbox.relay()
        messages.success(request, _("Assigned to %(number)s.") % {"number": intent.order_number})
    return redirect("dashboard:bank-list")


def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left of it went back at the bank."""
    line = get_object_or_404(BankLine, pk=min(pk, MAX_ID))
    note = request.POST.get("note", "").replace("\0", "")
    try:
        services.bank_line_return(line=line, note=note, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Noted as sent back."))
    return redirect("dashboard:bank-list")
