"""The books for those who answer for them: balances, what they are made of, days that are closed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from payments.ledger.accounts import Nature
from payments.ledger.dashboard.forms import CloseForm, DayForm, PeriodForm
from payments.ledger.exceptions import CloseRefused
from payments.ledger.models import Account, DayClose, Entry
from payments.ledger.selectors import (
    accounts_by_id,
    balances_at,
    closed_until,
    entries_between,
    transactions_of_order,
)
from payments.ledger.services.closing import checks_run, days_close
from shop.core.money import ZERO
from shop.core.office import csv_response, may
from shop.core.sheets import xlsx_response

PAGE_SIZE = 60
JOURNAL = [
    "day",
    "transaction",
    "kind",
    "order",
    "reference",
    "account",
    "currency",
    "debit",
    "credit",
    "memo",
]


@dataclass(frozen=True)
class BalanceRow:
    account: Account
    currency: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        return self.debit - self.credit


def balance(request: HttpRequest) -> HttpResponseBase:
    """The trial balance at the end of a day; each currency adds up to zero."""
    form = DayForm(request.GET)
    day = form.picked()
    rows = _balance_rows(day)
    if request.GET.get("as") == "csv":
        head = ["account", "name", "currency", "debit", "credit", "balance"]
        cells = (
            [row.account.code, row.account.label, row.currency, row.debit, row.credit, row.balance]
            for row in rows
        )
        return csv_response(name=f"balance-{day:%Y-%m-%d}", head=head, rows=cells)
    context = {
        "form": DayForm(initial={"day": day}),
        "day": day,
        "groups": _groups(rows),
        "totals": _totals(rows),
        "closed": closed_until(),
    }
    return render(request, "ledger/office/balance.html", context)


def _balance_rows(day: dt.date) -> list[BalanceRow]:
    accounts = accounts_by_id()
    rows = [
        BalanceRow(accounts[account], currency, debit, credit)
        for (account, currency), (debit, credit) in balances_at(day).items()
    ]
    return sorted(rows, key=lambda row: (row.currency, row.account.code))


def _groups(rows: list[BalanceRow]) -> list[tuple[str, list[BalanceRow]]]:
    groups = [(nature.label, [r for r in rows if r.account.nature == nature]) for nature in Nature]
    return [(str(label), group) for label, group in groups if group]


def _totals(rows: list[BalanceRow]) -> list[tuple[str, Decimal, Decimal]]:
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        debit, credit = totals.get(row.currency, (ZERO, ZERO))
        totals[row.currency] = (debit + row.debit, credit + row.credit)
    return [(currency, *sums) for currency, sums in sorted(totals.items())]


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """What an account's balance is made of, newest first."""
    one = get_object_or_404(Account, pk=pk)
    form = PeriodForm(request.GET)
    since, until = form.picked()
    rows = entries_between(since=since, until=until).filter(account=one)
    context = {
        "account": one,
        "form": PeriodForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "page_obj": Paginator(rows.order_by("-transaction_id"), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "may_see_order": may(request.user, "order-detail"),
    }
    return render(request, "ledger/office/account.html", context)


def order(request: HttpRequest, number: str) -> HttpResponse:
    """All that was booked for one order."""
    booked = list(transactions_of_order(number[:40]))
    owed: dict[str, Decimal] = {}
    for one in booked:
        for entry in one.entries.all():
            if entry.account.role == "receivable":
                owed[one.currency] = owed.get(one.currency, ZERO) + entry.amount
    context = {
        "number": number,
        "transactions": booked,
        "owed": sorted(owed.items()),
        "may_see_order": may(request.user, "order-detail"),
    }
    return render(request, "ledger/office/order.html", context)


def journal(request: HttpRequest) -> HttpResponseBase:
    """All entries of a period for the accountant, as CSV or XLSX."""
    since, until = PeriodForm(request.GET).picked()
    entries = entries_between(since=since, until=until).order_by("transaction_id", "pk")
    name = f"journal-{since:%Y-%m-%d}-{until:%Y-%m-%d}"
    rows = _journal_rows(entries.iterator(chunk_size=2000))
    if request.GET.get("as") == "xlsx":
        return xlsx_response(name=name, head=JOURNAL, rows=rows)
    return csv_response(name=name, head=JOURNAL, rows=rows)


def _journal_rows(entries: Iterator[Entry]) -> Iterator[list[object]]:
    for entry in entries:
        one = entry.transaction
        yield [
            one.booked_on.isoformat(),
            one.pk,
            one.kind,
            one.order_number,
            one.reference,
            entry.account.code,
            one.currency,
            max(entry.amount, ZERO),
            max(-entry.amount, ZERO),
            one.memo,
        ]


def days(request: HttpRequest) -> HttpResponse:
    """Closed days, and closing the next: POST ``day``."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    form = CloseForm(request.POST or None, initial={"day": yesterday})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            day, is_sure = form.cleaned_data["day"], form.cleaned_data["sure"]
            try:
                closed = days_close(until=day, user=request.user, is_sure=is_sure)
            except CloseRefused:
                form.add_error("sure", _("A check found something. Look at it before you close."))
            else:
                text = _("Closed up to %(day)s.") % {"day": date_format(closed.day)}
                messages.success(request, text)
                return redirect("dashboard:book-days")
    may_close = may(request.user, "book-days", "POST")
    checks = checks_run() if may_close else []
    context = {
        "form": form,
        "checks": checks,
        "has_problems": any(one["problems"] for one in checks),
        "may_close": may_close,
        "closed": closed_until(),
        "page_obj": Paginator(DayClose.objects.select_related("closed_by"), 30).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "ledger/office/days.html", context, status=status)
