"""Where a provider's settlements and our books differ, both ways. Read from the rows, each time anew."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from shop.core.money import ZERO

MOST = 200  # differences that are shown


@dataclass(frozen=True)
class Difference:
    """``theirs``: settled, None where the provider does not have it; ``ours``: booked, likewise."""

    reference: str
    order_number: str
    currency: str
    theirs: Decimal | None
    ours: Decimal | None

    @property
    def size(self) -> Decimal:
        return abs(self.off_by)

    @property
    def off_by(self) -> Decimal:
        """What our books have too much; below zero what they lack."""
        return (self.ours or ZERO) - (self.theirs or ZERO)


#: A refund over several captures is one of ours and several of the provider's (`payments.gateways.paypal`).
_PAIRS = """
    WITH joined AS (
        SELECT r.reference, unnest(string_to_array(r.reference, '+')) AS part
        FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
        LEFT JOIN payments_paymentintent o ON o.id = i.origin_id
        WHERE r.reference LIKE '%%+%%' AND coalesce(o.gateway, i.gateway) = %(gateway)s
    ), theirs AS (
        SELECT coalesce(j.reference, l.reference) AS reference, s.currency,
               max(l.order_number) AS order_number, sum(l.amount) AS amount,
               array_agg(DISTINCT s.id) AS settlements
        FROM ledger_settlementline l JOIN ledger_settlement s ON s.id = l.settlement_id
        LEFT JOIN joined j ON j.part = l.reference
        WHERE s.gateway = %(gateway)s
        GROUP BY 1, 2
    ), ours AS (
        SELECT t.reference, t.currency, max(t.order_number) AS order_number,
               sum(e.amount) AS amount,
               max(t.booked_on) FILTER (WHERE t.kind <> 'write_off') AS day
        FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
        JOIN ledger_account a ON a.id = e.account_id
        WHERE a.code = %(account)s AND t.kind IN ('capture', 'refund', 'write_off')
          AND t.reference <> ''
        GROUP BY 1, 2
    )
"""


def settlement_differences(settlement: Any) -> list[Difference]:
    """Rows of one settlement that we do not have, or with another amount.

    Beside the books stands all that any settlement has of a reference, so that a payment which was
    settled twice, or in two parts, is seen as that.
    """
    return list(
        _differences(
            "t.amount IS DISTINCT FROM coalesce(o.amount, 0) AND %(only)s = ANY(t.settlements)",
            settlement.gateway,
            only=settlement.pk,
        )
    )


def differences_count(settlements: Iterable[Any]) -> dict[int, int]:
    """How many each of these settlements has. A query for each gateway."""
    ids = {one.pk: one.gateway for one in settlements}
    found = dict.fromkeys(ids, 0)
    sql = f"""
        {_PAIRS}
        SELECT id, count(*) FROM (
            SELECT unnest(t.settlements) AS id
            FROM theirs t LEFT JOIN ours o USING (reference, currency)
            WHERE t.amount IS DISTINCT FROM coalesce(o.amount, 0)
        ) found WHERE id = ANY(%(ids)s) GROUP BY 1
    """  # noqa: S608  the parts are ours
    for code in set(ids.values()):
        with connection.cursor() as cursor:
            cursor.execute(sql, _facts(code, ids=list(ids)))
            found |= dict(cursor.fetchall())
    return found


def unsettled(gateway_code: str, *, until: dt.date) -> list[Difference]:
    """What we booked up to that day, that no settlement has and nobody wrote off."""
    return list(
        _differences(
            "t.amount IS NULL AND o.amount <> 0 AND o.day <= %(until)s", gateway_code, until=until
        )
    )


def difference_of(gateway_code: str, *, reference: str, currency: str) -> Difference | None:
    """Where provider and books differ about one payment or refund, over all settlements; else None."""
    found = _differences(
        "coalesce(t.amount, 0) <> coalesce(o.amount, 0)"
        " AND reference = %(reference)s AND currency = %(currency)s",
        gateway_code,
        reference=reference,
        currency=currency,
    )
    return next(iter(found), None)


def _differences(where: str, gateway_code: str, **params: Any) -> Iterator[Difference]:
    sql = f"""
        {_PAIRS}
        SELECT reference, coalesce(o.order_number, t.order_number), currency, t.amount,
               nullif(o.amount, 0)
        FROM theirs t FULL JOIN ours o USING (reference, currency)
        WHERE {where} ORDER BY o.day, 1 LIMIT {MOST}
    """  # noqa: S608  the parts are ours
    with connection.cursor() as cursor:
        cursor.execute(sql, _facts(gateway_code, **params))
        rows: Iterator[tuple[Any, ...]] = iter(cursor.fetchall())
    return (Difference(*row) for row in rows)


def _facts(gateway_code: str, **params: Any) -> dict[str, Any]:
    return {"gateway": gateway_code, "account": f"clearing:{gateway_code}", **params}
