"""Closing days: what was handed out as a figure stays true."""

import datetime as dt
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from payments.ledger.exceptions import CloseRefused
from payments.ledger.locks import days_lock
from payments.ledger.models import DayClose
from payments.ledger.selectors import closed_until
from shop.core.locks import retry_on_conflict
from shop.core.verify import NothingToCheck, invariants

ABOUT = "ledger: "  # begins the names of the checks that are asked
TOLD = 5  # sentences that are kept of one check

#: The checks in words that are translated; those of other apps too, as they register themselves.
WORDS = (
    gettext_noop("the entries of every transaction add up to zero"),
    gettext_noop("the totals of closed days are their entries"),
    gettext_noop("every payment and refund is booked, and nothing else is booked as one"),
    gettext_noop("what lies at each provider is captured less refunded less settled"),
    gettext_noop("every settlement is its lines"),
    gettext_noop("every write-off is booked as much as it is, and not after it was undone"),
    gettext_noop("what lies on the bank is transfers, payouts and what else its lines were"),
    gettext_noop("every invoice and credit note is booked, net and tax, to the cent"),
    gettext_noop("of an order that is settled nobody owes anything"),
)


def checks_run() -> list[dict[str, Any]]:
    """What every check about the books says now: ``name`` and the first ``problems``."""
    found = []
    for one in invariants():
        if one.name.startswith(ABOUT):
            try:
                problems = list(islice(iter(one.check()), TOLD))
            except NothingToCheck:
                problems = []
            found.append({"name": one.name.removeprefix(ABOUT), "problems": problems})
    return found


@retry_on_conflict
def days_close(*, until: dt.date, user: Any, is_sure: bool = False) -> DayClose:
    """Close ``until`` and every open day before it; a second call gives the first's.

    Raises ``CloseRefused`` for a day that is not over, and where a check finds something unless
    ``is_sure``; what was found is kept with the day.
    """
    if until >= timezone.localdate():
        raise CloseRefused(f"{until} is not over")
    days_lock()
    known = DayClose.objects.filter(day__gte=until).order_by("day").first()
    if known is not None:
        return known
    checks = checks_run()
    if any(one["problems"] for one in checks) and not is_sure:
        raise CloseRefused("a check found something")
    _totals_write(since=closed_until(), until=until)
    return DayClose.objects.create(day=until, closed_by=user, checks=checks)


def _totals_write(*, since: dt.date | None, until: dt.date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_daytotal (day, account_id, currency, debit, credit)
            SELECT t.booked_on, e.account_id, t.currency,
                   coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0),
                   -coalesce(sum(e.amount) FILTER (WHERE e.amount < 0), 0)
            FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
            WHERE t.booked_on <= %s AND (%s::date IS NULL OR t.booked_on > %s::date)
            GROUP BY 1, 2, 3
            """,
            [until, since, since],
        )
