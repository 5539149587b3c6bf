"""What providers paid out, beside what we booked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from payments.gateways import gateways_all
from payments.ledger.dashboard.forms import SettlementForm
from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import Settlement
from payments.ledger.reconciling import differences_count, settlement_differences, unsettled
from payments.ledger.selectors import write_off_limit_of
from payments.ledger.services import settlements_import
from shop.core.office import may

PAGE_SIZE = 40


def settlements(request: HttpRequest) -> HttpResponse:
    """Payouts, newest first, what none of them has, and a provider's table to bring in."""
    form = SettlementForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                taken = settlements_import(
                    gateway_code=form.cleaned_data["gateway"], rows=form.rows, user=request.user
                )
            except SettlementRefused as refusal:
                form.add_error(form.sent_as, refusal.errors[0])
            else:
                text = ngettext(
                    "%(number)d payout is here.", "%(number)d payouts are here.", len(taken)
                )
                messages.success(request, text % {"number": len(taken)})
                if len(taken) == 1:
                    return redirect("dashboard:book-settlement", pk=taken[0].pk)
                return redirect("dashboard:book-settlements")
    labels = {one.code: one.label for one in gateways_all()}
    newest = Settlement.objects.order_by().values("gateway").annotate(day=Max("paid_on"))
    missing = [
        (labels.get(row["gateway"], row["gateway"]), row["day"], found, row["gateway"])
        for row in newest.order_by("gateway")
        if (found := unsettled(row["gateway"], until=row["day"]))
    ]
    page = Paginator(Settlement.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = differences_count(page)
    payouts = [(one, labels.get(one.gateway, one.gateway), counts[one.pk]) for one in page]
    context = {
        "form": form,
        "page_obj": page,
        "payouts": payouts,
        "missing": missing,
        "may_import": may(request.user, "book-settlements", "POST"),
        "may_let_go": may(request.user, "book-write-offs", "POST"),
        "limit": write_off_limit_of(request.user),
        "may_see_off": may(request.user, "book-write-offs"),
    }
    return render(request, "ledger/office/settlements.html", context, status=status)


def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """One payout: its rows, and where they differ from the books."""
    one = get_object_or_404(Settlement.objects.select_related("imported_by"), pk=pk)
    labels = {each.code: each.label for each in gateways_all()}
    context = {
        "settlement": one,
        "provider": labels.get(one.gateway, one.gateway),
        "differences": settlement_differences(one),
        "page_obj": Paginator(one.lines.order_by("pk"), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "may_see_books": may(request.user, "book-order"),
        "may_let_go": may(request.user, "book-write-offs", "POST"),
        "limit": write_off_limit_of(request.user),
    }
    return render(request, "ledger/office/settlement.html", context)
