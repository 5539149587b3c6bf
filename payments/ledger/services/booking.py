"""Booking. Every function is safe twice: a key is booked once, whoever comes how often.

Call inside the transaction of the cause; what rolls back takes its booking with it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils import timezone

from payments.ledger.accounts import AccountKey, Role
from payments.ledger.exceptions import Unbalanced
from payments.ledger.models import Account, EventKind, Transaction
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, to_minor
from shop.core.planned import planned_rows, planned_run

Entries = Iterable[tuple[AccountKey, Decimal]]
Statement = tuple[str, Sequence[Any]]  # always the same text, and its values


@dataclass(frozen=True)
class Booking:
    """What is to be booked: amounts in major units of ``currency``, debit above zero, credit below.

    ``happened_at``: None for now. Several entries of one account become one.
    """

    key: str
    kind: EventKind
    currency: str
    entries: Sequence[tuple[AccountKey, Decimal]]
    order_number: str = ""
    reference: str = ""
    happened_at: dt.datetime | None = None
    memo: str = ""
    source: str = "shop"
    reverses_id: int | None = None
    actor_id: int | None = None


@retry_on_conflict
def transaction_book(
    *,
    key: str,
    kind: EventKind,
    currency: str,
    entries: Entries,
    order_number: str = "",
    reference: str = "",
    happened_at: dt.datetime | None = None,
    memo: str = "",
    source: str = "shop",
    user: Any = None,
) -> Transaction:
    """Book one transaction; the same ``key`` again gives the one that is there.

    Raises ``Unbalanced`` unless the entries are at least two accounts' and add up to zero,
    ``ValueError`` for fractions of the smallest coin.
    """
    booking = Booking(
        key=key,
        kind=kind,
        currency=currency,
        entries=tuple(entries),
        order_number=order_number,
        reference=reference,
        happened_at=happened_at,
        memo=memo,
        source=source,
        actor_id=getattr(user, "pk", None),
    )
    _write([booking])
    return Transaction.objects.get(key=key)


@retry_on_conflict
def transactions_book(bookings: Sequence[Booking]) -> int:
    """Book many at once, in one statement; how many were new. Raises as `transaction_book`."""
    return _write(bookings) if bookings else 0


def transaction_book_beside(
    booking: Booking, *, cause: str, values: Sequence[Any], also: Statement | None = None
) -> int:
    """Book one transaction by the statement that writes its cause, and give the cause's key.

    ``cause``: an INSERT, always the same text, of ``values``; its ``id`` ends ``booking.key``. ``also``: an
    UPDATE of a row that is locked, with RETURNING. Call inside a transaction. Raises as `transaction_book`.
    """
    other, its = also or ("", ())
    sums, now = _sums(booking), timezone.now()
    happened_at = booking.happened_at or now
    facts = [
        *([one.code for one in sums], list(sums.values())),
        *(booking.key, booking.kind.value, booking.order_number, booking.currency),
        *(happened_at, timezone.localdate(happened_at), booking.source[:40]),
        *(booking.reference[:200], booking.memo[:300], booking.reverses_id, booking.actor_id, now),
        len(sums),
    ]
    cause_id, is_booked = planned_rows(_beside(cause, other), [*values, *its, *facts])[0]
    if not is_booked:  # an account of it was never booked on
        _write([replace(booking, key=f"{booking.key}{cause_id}")])
    return int(cause_id)


@cache
def _beside(cause: str, also: str) -> str:
    other = f"also AS ({also})," if also else ""
    return f"""
        WITH cause AS ({cause} RETURNING id), {other} part AS (
            SELECT account.id AS account_id, part.amount
            FROM unnest(%s::text[], %s::numeric[]) AS part (code, amount)
            JOIN ledger_account account ON account.code = part.code
        ), fresh AS (
            INSERT INTO ledger_transaction ({COLUMNS})
            SELECT %s::text || cause.id, %s, %s, %s, %s::timestamptz, %s::date,
                %s, %s, %s, %s::bigint, %s::bigint, %s::timestamptz
            FROM cause WHERE (SELECT count(*) FROM part) = %s
            RETURNING id
        ), entered AS (
            INSERT INTO ledger_entry (transaction_id, account_id, amount)
            SELECT fresh.id, part.account_id, part.amount FROM fresh CROSS JOIN part
        )
        SELECT cause.id, EXISTS (SELECT FROM fresh) FROM cause
    """  # noqa: S608  statements of our own


@retry_on_conflict
def transaction_reverse(
    *, booked: Transaction, key: str = "", kind: EventKind = EventKind.REVERSAL, **facts: Any
) -> Transaction:
    """Undo a transaction by its opposite, as nothing is ever changed. A second call gives the first's.

    ``facts``: as `transaction_book` takes them (``memo``, ``happened_at``, ``source``, ``user``).
    """
    known = Transaction.objects.filter(reverses=booked).first()
    if known is not None:
        return known
    user = facts.pop("user", None)
    entries = booked.entries.select_related("account").order_by("pk")
    booking = Booking(
        key=key or f"reversal:{booked.key}"[:120],
        kind=kind,
        currency=booked.currency,
        entries=[(account_key(one.account), -one.amount) for one in entries],
        order_number=booked.order_number,
        reference=booked.reference,
        reverses_id=booked.pk,
        actor_id=getattr(user, "pk", None),
        **facts,
    )
    _write([booking])
    return Transaction.objects.get(reverses=booked)


def account_key(account: Account) -> AccountKey:
    """The name of an account that exists."""
    return AccountKey(
        Role(account.role), gateway=account.gateway, place=account.place, rate=account.rate
    )


def _write(bookings: Sequence[Booking]) -> int:
    sums = [_sums(booking) for booking in bookings]
    parts = [
        (booking.key, account.code, amount)
        for booking, one in zip(bookings, sums, strict=True)
        for account, amount in one.items()
    ]
    written = _insert(bookings, parts)
    if written is None:
        _open({key for one in sums for key in one})
        written = _insert(bookings, parts)
    assert written is not None  # accounts are never closed
    return written


def _sums(booking: Booking) -> dict[AccountKey, Decimal]:
    """Each account once, without zeros. Refuses what does not add up or is no whole coin."""
    sums: dict[AccountKey, Decimal] = {}
    for account, amount in booking.entries:
        to_minor(amount, booking.currency)
        sums[account] = sums.get(account, ZERO) + amount
    sums = {account: amount for account, amount in sums.items() if amount}
    if len(sums) < 2 or sum(sums.values(), ZERO):
        raise Unbalanced(f"{booking.key}: {sum(sums.values(), ZERO)} left of {len(sums)} entries")
    return sums


def _open(keys: Iterable[AccountKey]) -> None:
    """Open those of these accounts that were never booked on."""
    Account.objects.bulk_create(
        (
            Account(
                code=key.code,
                role=key.role,
                gateway=key.gateway,
                place=key.place,
                rate=key.rate,
            )
            for key in sorted(keys, key=lambda one: one.code)
        ),
        ignore_conflicts=True,  # most are there, and somebody else may open one at this moment
    )


def _insert(bookings: Sequence[Booking], parts: Sequence[tuple[str, str, Decimal]]) -> int | None:
    """Transactions with their entries (key, account's code, amount) in one statement; how many were new.

    What has its key already is left out, also when somebody else writes it at this moment. None, and
    nothing is written: an account is missing.
    """
    now = timezone.now()
    columns: list[list[Any]] = [
        [one.key for one in bookings],
        [one.kind.value for one in bookings],
        [one.order_number for one in bookings],
        [one.currency for one in bookings],
        [one.happened_at or now for one in bookings],
        [timezone.localdate(one.happened_at or now) for one in bookings],
        [one.source[:40] for one in bookings],
        [one.reference[:200] for one in bookings],
        [one.memo[:300] for one in bookings],
        [one.reverses_id for one in bookings],
        [one.actor_id for one in bookings],
        [now for _one in bookings],
    ]
    entries = [list(column) for column in zip(*parts, strict=True)]
    values = [*entries, *columns, len(parts), len(parts)]
    ((is_complete, written),), _count = planned_run(BOOK_SQL, values)
    return written if is_complete else None


COLUMNS = """
    key, kind, order_number, currency, happened_at, booked_on,
    source, reference, memo, reverses_id, actor_id, created_at
"""
BOOK_SQL = f"""
WITH part AS (
    SELECT part.key, account.id AS account_id, part.amount
    FROM unnest(%s::text[], %s::text[], %s::numeric[]) AS part (key, code, amount)
    JOIN ledger_account account ON account.code = part.code
), fresh AS (
    INSERT INTO ledger_transaction ({COLUMNS})
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::date[],
        %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[]
    )
    WHERE (SELECT count(*) FROM part) = %s
    ON CONFLICT (key) DO NOTHING RETURNING id, key
), entered AS (
    INSERT INTO ledger_entry (transaction_id, account_id, amount)
    SELECT fresh.id, part.account_id, part.amount FROM part JOIN fresh USING (key)
)
SELECT (SELECT count(*) FROM part) = %s, (SELECT count(*) FROM fresh)
"""  # noqa: S608  names of our own
