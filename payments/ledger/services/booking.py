"""Booking. Every function is safe twice: a key is booked once, whoever comes how often.

Call inside the transaction of the cause; what rolls back takes its booking with it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from payments.ledger.accounts import AccountKey, Role
from payments.ledger.exceptions import Unbalanced
from payments.ledger.models import Account, EventKind, Transaction
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, to_minor
from shop.core.planned import planned_cursor
from shop.core.prepared import TEXTS, Prepared

Entries = Iterable[tuple[AccountKey, Decimal]]


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
    """Book many at once, in two statements; how many were new. Raises as `transaction_book`."""
    return _write(bookings) if bookings else 0


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
    accounts = _accounts({key for one in sums for key in one})
    parts = [
        (booking.key, accounts[account.code], amount)
        for booking, one in zip(bookings, sums, strict=True)
        for account, amount in one.items()
    ]
    return _insert(bookings, parts)


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


def _accounts(keys: Iterable[AccountKey]) -> Mapping[str, int]:
    """Ids by code; accounts that were never booked on are opened."""
    wanted = {key.code: key for key in keys}
    found = dict(_account_ids.read(codes=list(wanted)))
    missing = [key for code, key in sorted(wanted.items()) if code not in found]
    if missing:
        Account.objects.bulk_create(
            (
                Account(
                    code=key.code,
                    role=key.role,
                    gateway=key.gateway,
                    place=key.place,
                    rate=key.rate,
                )
                for key in missing
            ),
            ignore_conflicts=True,  # somebody else opened it a moment ago
        )
        found = dict(_account_ids.read(codes=list(wanted)))
    return found


_account_ids: Prepared[tuple[str, int]] = Prepared(
    lambda codes: Account.objects.filter(code__in=codes).order_by().values_list("code", "pk"),
    codes=TEXTS,
)


def _insert(bookings: Sequence[Booking], parts: Sequence[tuple[str, int, Decimal]]) -> int:
    """Transactions with their entries (key, account, amount) in one statement; how many were new.

    What has its key already is left out, also when somebody else writes it at this moment.
    """
    now = timezone.now()
    columns: list[tuple[str, str, list[Any]]] = [
        ("key", "text", [one.key for one in bookings]),
        ("kind", "text", [one.kind.value for one in bookings]),
        ("order_number", "text", [one.order_number for one in bookings]),
        ("currency", "text", [one.currency for one in bookings]),
        ("happened_at", "timestamptz", [one.happened_at or now for one in bookings]),
        ("booked_on", "date", [timezone.localdate(one.happened_at or now) for one in bookings]),
        ("source", "text", [one.source[:40] for one in bookings]),
        ("reference", "text", [one.reference[:200] for one in bookings]),
        ("memo", "text", [one.memo[:300] for one in bookings]),
        ("reverses_id", "bigint", [one.reverses_id for one in bookings]),
        ("actor_id", "bigint", [one.actor_id for one in bookings]),
        ("created_at", "timestamptz", [now for _one in bookings]),
    ]
    names = ", ".join(name for name, _type, _values in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _name, kind, _values in columns)
    statement = f"""
        WITH fresh AS (
            INSERT INTO ledger_transaction ({names}) SELECT * FROM unnest({arrays})
            ON CONFLICT (key) DO NOTHING RETURNING id, key
        ), entered AS (
            INSERT INTO ledger_entry (transaction_id, account_id, amount)
            SELECT fresh.id, part.account_id, part.amount
            FROM unnest(%s::text[], %s::bigint[], %s::numeric[]) AS part (key, account_id, amount)
            JOIN fresh USING (key)
        )
        SELECT count(*) FROM fresh
    """  # noqa: S608  the names are ours
    values = [values for _name, _type, values in columns]
    with planned_cursor() as cursor:
        cursor.execute(statement, [*values, *(list(column) for column in zip(*parts, strict=True))])
        return cursor.fetchone()[0]
