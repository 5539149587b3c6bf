"""What `manage.py verify` checks about the books. Each asks the database once, however long the past."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from payments.gateways import gateways_all
from shop.core.verify import invariant

CATCH_UP = "`manage.py ledger_catch_up` books what is from before the ledger"


def rows_of(sql: str, params: Iterable[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """What a check's question finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params if isinstance(params, Mapping) else list(params))
        return cursor.fetchall()


@invariant("ledger: the entries of every transaction add up to zero")
def entries_balance() -> Iterator[str]:
    for key, total, count in rows_of(
        "SELECT t.key, coalesce(sum(e.amount), 0), count(e.id) FROM ledger_transaction t"
        " LEFT JOIN ledger_entry e ON e.transaction_id = t.id"
        " GROUP BY t.id HAVING coalesce(sum(e.amount), 0) <> 0 OR count(e.id) < 2"
    ):
        yield f"{key}: {count} entries leave {total}"


@invariant("ledger: the totals of closed days are their entries")
def totals_are_entries() -> Iterator[str]:
    for day, code, currency, kept, booked in rows_of(
        """
        WITH booked AS (
            SELECT t.booked_on AS day, e.account_id, t.currency, sum(e.amount) AS amount,
                   sum(e.amount) FILTER (WHERE e.amount > 0) AS debit
            FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
            WHERE t.booked_on <= (SELECT max(day) FROM ledger_dayclose)
            GROUP BY 1, 2, 3
        )
        SELECT coalesce(k.day, b.day), a.code, coalesce(k.currency, b.currency),
               coalesce(k.debit - k.credit, 0), coalesce(b.amount, 0)
        FROM ledger_daytotal k
        FULL JOIN booked b USING (day, account_id, currency)
        JOIN ledger_account a ON a.id = account_id
        WHERE k.debit - k.credit IS DISTINCT FROM b.amount
           OR k.debit IS DISTINCT FROM coalesce(b.debit, 0)
        ORDER BY 1, 2
        """
    ):
        yield f"{day} {code}: the day's total is {kept} {currency}, its entries say {booked}"


#: A payment's or refund's row beside its booking: the key under which it must be there.
_MONEY = """
    SELECT 'capture:' || e.id AS key, i.order_number, e.amount, i.currency
    FROM payments_paymententry e JOIN payments_paymentintent i ON i.id = e.intent_id
    WHERE e.kind = 'captured' AND e.amount > 0
    UNION ALL
    SELECT 'refund:' || r.id || ':asked', i.order_number, r.amount, i.currency
    FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
    UNION ALL
    SELECT 'refund:' || r.id || ':' || r.state
           || CASE WHEN r.state = 'done' AND r.reopened > 0 THEN ':' || r.reopened + 1 ELSE '' END,
           i.order_number, r.amount, i.currency
    FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
    WHERE r.state IN ('done', 'refused')
"""
_BOOKED = """
    SELECT t.key, t.currency, t.order_number,
           sum(e.amount) FILTER (WHERE e.amount > 0) AS amount
    FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
    WHERE t.kind IN ('capture', 'refund_asked', 'refund', 'refund_refused')
      AND NOT EXISTS (SELECT FROM ledger_transaction u WHERE u.reverses_id = t.id)
    GROUP BY t.id
"""


@invariant("ledger: every payment and refund is booked, and nothing else is booked as one")
def money_is_booked() -> Iterator[str]:
    for key, number, moved, booked in rows_of(
        f"""
        SELECT coalesce(m.key, b.key), coalesce(m.order_number, b.order_number),
               m.amount, b.amount
        FROM ({_MONEY}) m FULL JOIN ({_BOOKED}) b ON b.key = m.key
        WHERE m.amount IS DISTINCT FROM b.amount OR m.currency IS DISTINCT FROM b.currency
           OR m.order_number IS DISTINCT FROM b.order_number
        ORDER BY 1
        """  # noqa: S608
    ):
        if booked is None:
            yield f"{number}: {key} of {moved} is not booked; {CATCH_UP}"
        else:
            yield f"{number}: {key} is booked as {booked}, it was {moved}"


#: By gateway and currency, from the rows themselves: taken, sent back there, paid out with the fees, and
#: what a bank statement shows of a payout that no settlement tells of; and what was written off.
_HELD = """
    SELECT i.gateway, i.currency, sum(e.amount) AS amount
    FROM payments_paymententry e JOIN payments_paymentintent i ON i.id = e.intent_id
    WHERE e.kind = 'captured' GROUP BY 1, 2
    UNION ALL
    SELECT coalesce(o.gateway, i.gateway), i.currency, -sum(r.amount)
    FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
    LEFT JOIN payments_paymentintent o ON o.id = i.origin_id
    WHERE r.state = 'done' AND r.target = '' GROUP BY 1, 2
    UNION ALL
    SELECT gateway, currency, -sum(CASE WHEN is_paid_out THEN gross ELSE fees END)
    FROM ledger_settlement GROUP BY 1, 2
    UNION ALL
    SELECT u.gateway, l.currency, -sum(CASE WHEN l.is_out THEN -u.amount ELSE u.amount END)
    FROM bank_bankuse u JOIN bank_bankline l ON l.id = u.line_id
    WHERE u.undone_at IS NULL AND u.settlement_id IS NULL AND u.gateway <> '' GROUP BY 1, 2
    UNION ALL
    SELECT gateway, currency, -sum(amount) FROM ledger_writeoff
    WHERE undone_at IS NULL AND gateway <> '' GROUP BY 1, 2
"""


@invariant("ledger: what lies at each provider is captured less refunded less settled")
def clearing_is_what_providers_hold() -> Iterator[str]:
    elsewhere = [one.code for one in gateways_all() if hasattr(one, "books_to")]
    for gateway, currency, held, booked in rows_of(
        f"""
        WITH held AS (
            SELECT gateway, currency, sum(amount) AS amount FROM ({_HELD}) parts
            WHERE NOT gateway = ANY(%s) GROUP BY 1, 2
        ), booked AS (
            SELECT a.gateway, t.currency, sum(e.amount) AS amount
            FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
            JOIN ledger_transaction t ON t.id = e.transaction_id
            WHERE a.role = 'clearing' GROUP BY 1, 2
        )
        SELECT gateway, currency, coalesce(h.amount, 0), coalesce(b.amount, 0)
        FROM held h FULL JOIN booked b USING (gateway, currency)
        WHERE coalesce(h.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1, 2
        """,  # noqa: S608
        [elsewhere],
    ):
        yield f"{gateway}: {held} {currency} must be there, the books say {booked}"


@invariant("ledger: every settlement is its lines")
def settlements_are_lines() -> Iterator[str]:
    for payout, gross, lines in rows_of(
        "SELECT s.payout, s.gross, coalesce(sum(l.amount), 0) FROM ledger_settlement s"
        " LEFT JOIN ledger_settlementline l ON l.settlement_id = s.id GROUP BY s.id"
        " HAVING s.gross <> coalesce(sum(l.amount), 0) OR s.fees <> coalesce(sum(l.fee), 0)"
    ):
        yield f"{payout}: {gross} settled, its lines say {lines}"


@invariant("ledger: every write-off is booked as much as it is, and not after it was undone")
def write_offs_are_booked() -> Iterator[str]:
    for pk, kind, moved, booked in rows_of(
        """
        WITH booked AS (
            SELECT w.id, sum(e.amount) AS amount
            FROM ledger_writeoff w
            JOIN ledger_transaction t ON t.id = w.booking_id OR t.reverses_id = w.booking_id
            JOIN ledger_entry e ON e.transaction_id = t.id
            JOIN ledger_account a ON a.id = e.account_id AND a.role = 'write_off'
            GROUP BY 1
        )
        SELECT w.id, w.kind, CASE WHEN w.undone_at IS NULL THEN w.amount ELSE 0 END,
               coalesce(b.amount, 0)
        FROM ledger_writeoff w LEFT JOIN booked b USING (id)
        WHERE coalesce(b.amount, 0) <> CASE WHEN w.undone_at IS NULL THEN w.amount ELSE 0 END
        ORDER BY 1
        """
    ):
        yield f"write-off {pk} ({kind}): {moved} must be booked, the books say {booked}"
