"""Where a provider's settlements and our books differ, both ways. Read from the rows, each time anew."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

MOST = 200  # differences that are shown


@dataclass(frozen=True)
class Difference:
    """``theirs``: settled, None where the provider does not have it; ``ours``: booked, likewise."""

    reference: str
    order_number: str
    currency: str
    theirs: Decimal | None
    ours: Decimal | None


#: A refund over several captures is one of ours and several of the provider's (`payments.gateways.paypal`).
_PAIRS = """
    WITH joined AS (
        SELECT r.reference, unnest(string_to_array(r.reference, '+')) AS part
        FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
        LEFT JOIN payments_paymentintent o ON o.id = i.origin_id
        WHERE r.reference LIKE '%%+%%' AND coalesce(o.gateway, i.gateway) = %(gateway)s
    ), theirs AS (
        SELECT coalesce(j.reference, l.reference) AS reference, s.currency,
               max(l.order_number) AS order_number, sum(l.amount) AS amount
        FROM ledger_settlementline l JOIN ledger_settlement s ON s.id = l.settlement_id
        LEFT JOIN joined j ON j.part = l.reference
        WHERE s.gateway = %(gateway)s AND (%(only)s::bigint IS NULL OR s.id = %(only)s::bigint)
        GROUP BY 1, 2
    ), ours AS (
        SELECT t.reference, t.currency, max(t.order_number) AS order_number,
               sum(e.amount) AS amount, max(t.booked_on) AS day
        FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
        JOIN ledger_account a ON a.id = e.account_id
        WHERE a.code = %(account)s AND t.kind IN ('capture', 'refund') AND t.reference <> ''
        GROUP BY 1, 2
    )
"""


def settlement_differences(settlement: Any) -> list[Difference]:
    """Rows of one settlement that we do not have, or with another amount."""
    sql = f"""
        {_PAIRS}
        SELECT reference, coalesce(o.order_number, t.order_number), currency, t.amount, o.amount
        FROM theirs t LEFT JOIN ours o USING (reference, currency)
        WHERE t.amount IS DISTINCT FROM o.amount ORDER BY 1 LIMIT {MOST}
    """  # noqa: S608  the parts are ours
    return list(_differences(sql, settlement.gateway, only=settlement.pk))


def unsettled(gateway_code: str, *, until: dt.date) -> list[Difference]:
    """What we booked up to that day and no settlement has."""
    sql = f"""
        {_PAIRS}
        SELECT reference, o.order_number, currency, NULL::numeric, o.amount
        FROM ours o LEFT JOIN theirs t USING (reference, currency)
        WHERE t.amount IS NULL AND o.day <= %(until)s ORDER BY o.day, 1 LIMIT {MOST}
    """  # noqa: S608  the parts are ours
    return list(_differences(sql, gateway_code, until=until))


def _differences(sql: str, gateway_code: str, **params: Any) -> Iterable[Difference]:
    facts = {"gateway": gateway_code, "account": f"clearing:{gateway_code}", "only": None, **params}
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        rows: Iterator[tuple[Any, ...]] = iter(cursor.fetchall())
    return (Difference(*row) for row in rows)
