"""Reading the books."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from payments.ledger.accounts import Role
from payments.ledger.models import (
    Account,
    DayClose,
    DayTotal,
    Entry,
    Transaction,
    WriteOff,
    WriteOffLimit,
)
from shop.core.money import ZERO


def closed_until() -> dt.date | None:
    """The newest closed day."""
    return DayClose.objects.aggregate(day=Max("day"))["day"]


def balances_at(day: dt.date) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """Debit and credit of each account (by id and currency) from the beginning to the end of ``day``.

    Closed days from their totals, open ones from their entries: three queries however long the past.
    """
    closed = closed_until()
    totals = DayTotal.objects.filter(day__lte=day).values("account", "currency")
    found = {
        (row["account"], row["currency"]): (row["debits"], row["credits"])
        for row in totals.annotate(debits=Sum("debit"), credits=Sum("credit"))
    }
    fresh = Entry.objects.filter(transaction__booked_on__lte=day)
    if closed is not None:
        fresh = fresh.filter(transaction__booked_on__gt=closed)
    for account, currency, debit, credit in sums_of(fresh):
        known = found.get((account, currency), (ZERO, ZERO))
        found[account, currency] = (known[0] + debit, known[1] + credit)
    return found


def sums_of(entries: QuerySet[Entry]) -> Iterable[tuple[int, str, Decimal, Decimal]]:
    """Account, currency, debit and credit of these entries."""
    return (
        entries.order_by()
        .values("account", "transaction__currency")
        .annotate(
            debit=Coalesce(Sum("amount", filter=Q(amount__gt=0)), ZERO),
            credit=-Coalesce(Sum("amount", filter=Q(amount__lt=0)), ZERO),
        )
        .values_list("account", "transaction__currency", "debit", "credit")
    )


def balance_of(role: Role, *, currency: str, order_number: str = "") -> Decimal:
    """Debit less credit of all accounts of a role, of one order or of all. From the entries."""
    entries = Entry.objects.filter(account__role=role, transaction__currency=currency)
    if order_number:
        entries = entries.filter(transaction__order_number=order_number)
    return entries.aggregate(sum=Coalesce(Sum("amount"), ZERO))["sum"]


def transactions_of_order(order_number: str) -> QuerySet[Transaction]:
    """What was booked for an order, in order, with its entries and accounts. Three queries."""
    entries = Entry.objects.select_related("account").order_by("-amount", "pk")
    return (
        Transaction.objects.filter(order_number=order_number)
        .exclude(order_number="")
        .prefetch_related(Prefetch("entries", entries))
        .order_by("happened_at", "pk")
    )


def accounts_by_id() -> dict[int, Account]:
    return {account.pk: account for account in Account.objects.all()}


def entries_between(*, since: dt.date, until: dt.date) -> QuerySet[Entry]:
    """Entries that were booked on these days, both included, with transaction and account."""
    return Entry.objects.filter(
        transaction__booked_on__gte=since, transaction__booked_on__lte=until
    ).select_related("transaction", "account")


def write_off_limit_of(user: Any) -> Decimal | None:
    """How much of one order or payment ``user`` may write off, in the shop's currency; None: any sum.

    The highest of their roles'; a role without a limit of its own has ``WRITE_OFF_LIMIT``.
    """
    if user is None or user.is_superuser:
        return None
    groups = list(user.groups.values_list("pk", flat=True))
    own = dict(WriteOffLimit.objects.filter(group__in=groups).values_list("group_id", "amount"))
    general = Decimal(settings.WRITE_OFF_LIMIT)
    return max((own.get(pk, general) for pk in groups), default=ZERO)


def written_off_so_far(*, order_number: str, reference: str, currency: str) -> Decimal:
    """What stands written off of an order, or of a payment where none is named; losses and gains alike."""
    rows = WriteOff.objects.filter(undone_at__isnull=True, currency=currency)
    if not order_number and not reference:
        return ZERO
    about = {"order_number": order_number} if order_number else {"reference": reference}
    return sum((abs(one.amount) for one in rows.filter(**about)), ZERO)


def write_offs() -> QuerySet[WriteOff]:
    """The newest first, with who decided."""
    return WriteOff.objects.select_related("decided_by", "undone_by").order_by("-decided_at", "-pk")
