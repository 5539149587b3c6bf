"""Bank statements: taking them in, and what waits for somebody to say what it was for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.paths import key_of
from payments.bank import services
from payments.bank.dashboard.lines import kinds_offered, lines_fill
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine, BankShare, BankUse, UseKind
from payments.bank.selectors import WAITING, missing_of, transfer_of
from payments.bank.short import short_write_off
from payments.bank.statements import Read, statement_read
from payments.bank.undoing import payout_unmatch, return_undo, share_undo
from payments.bank.uses import line_use, use_undo
from payments.models import PaymentIntent
from shop.core import outbox
from shop.core.office import may
from shop.core.tables import TableForm, table_field
from shop.core.templatetags.money import money

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
    uses = (
        BankUse.objects.filter(undone_at__isnull=True).select_related("settlement").order_by("pk")
    )
    rows = rows.prefetch_related("shares__intent", Prefetch("uses", uses))
    order = ("booked_on", "pk") if view == "waiting" else ("-booked_on", "-pk")
    page = Paginator(rows.order_by(*order), PAGE_SIZE).get_page(request.GET.get("page"))
    lines_fill(page, request.user)
    link = reverse("dashboard:bank-list")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _rows) in VIEWS.items()
    ]
    context = {
        "page_obj": page,
        "tabs": tabs,
        "may_import": may(request.user, "bank-import"),
        "may_assign": any(line.can_use and not line.is_out for line in page),
        "may_undo": may(request.user, "bank-undo", "POST"),
        "kinds": kinds_offered(request.user),
    }
    return render(request, "bank/line_list.html", context)


def bank_import(request: HttpRequest) -> HttpResponse:
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        taken = services.statement_take(rows=form.rows, user=request.user)
        outbox.relay()
        text = _(
            "New lines: %(new)s, assigned at once: %(matched)s. Known before: %(known)s, left the account: %(out)s."
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
        missing = missing_of(intent)
        if missing > 0:
            text = _("%(amount)s of it has not come yet.")
            messages.warning(request, text % {"amount": money(missing, intent.currency)})
            return redirect("dashboard:payment-detail", pk=intent.pk)
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


def use(request: HttpRequest, pk: int) -> HttpResponse:
    """POST ``what``: a kind, with the gateway whose money it was where it has one (``payout:stripe``)."""
    line = get_object_or_404(BankLine, pk=min(pk, MAX_ID))
    kind, _colon, code = request.POST.get("what", "").replace("\0", "")[:60].partition(":")
    note = request.POST.get("note", "").replace("\0", "")
    if kind == UseKind.WRITE_OFF and not may(request.user, "bank-short", "POST"):
        raise PermissionDenied
    try:
        made = line_use(line=line, kind=kind, gateway_code=code, note=note, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        if made.settlement is not None:
            text = _("Matched with the settlement %(payout)s, which has booked it.")
            messages.success(request, text % {"payout": made.settlement.payout})
        elif made.booking is None:
            messages.success(request, _("Noted. Nothing is booked."))
        else:
            messages.success(request, _("Booked."))
    return redirect("dashboard:bank-list")


def short(request: HttpRequest, pk: int) -> HttpResponse:
    """What the payment ``pk`` lacks is written off, for the ``reason`` that is given."""
    intent = get_object_or_404(PaymentIntent, pk=min(pk, MAX_ID))
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        short_write_off(intent=intent, reason=reason, user=request.user)
    except BankRefused as error:
        messages.error(request, error.message)
    else:
        outbox.relay()
        messages.success(request, _("Written off. The payment counts as paid in full."))
    return redirect("dashboard:payment-detail", pk=intent.pk)


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST ``what``: ``use-7``, ``share-7``, ``payout`` or ``return``: the line waits again."""
    line = get_object_or_404(BankLine, pk=min(pk, MAX_ID))
    what, _dash, number = request.POST.get("what", "").partition("-")
    key = key_of(number)
    try:
        if what == "use":
            use = get_object_or_404(BankUse, pk=key, line=line)
            if use.kind == UseKind.WRITE_OFF and not may(
                request.user, "book-write-off-undo", "POST"
            ):
                raise PermissionDenied
            use_undo(use=use, user=request.user)
        elif what == "share":
            share = BankShare.objects.filter(pk=key, line=line).first()  # undone twice is once
            if share is not None:
                share_undo(share=share)
        elif what == "payout":
            payout_unmatch(line=line, user=request.user)
        elif what == "return":
            return_undo(line=line)
        else:
            raise Http404
    except BankRefused as error:
        messages.error(request, error.message)
        return redirect("dashboard:bank-list")
    messages.success(request, _("Undone. The line waits under “To assign” again."))
    return redirect("dashboard:bank-list")
