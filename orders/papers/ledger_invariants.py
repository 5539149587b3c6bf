"""What `manage.py verify` checks about the books beside papers and orders."""

from collections.abc import Iterator

from orders.papers.selectors import numbers_on_their_way
from orders.states import OrderState
from payments.gateways import gateways_all
from payments.ledger.invariants import CATCH_UP, rows_of
from shop.core.events import PaymentCaptured
from shop.core.models import OutboxDelivery
from shop.core.verify import invariant


@invariant("ledger: every invoice and credit note is booked, net and tax, to the cent")
def papers_are_booked() -> Iterator[str]:
    for number, paper, booked, tax, booked_tax in rows_of(
        """
        WITH booked AS (
            SELECT t.id, t.key, t.currency, t.order_number,
                   sum(e.amount) FILTER (WHERE a.role = 'receivable') AS gross,
                   sum(e.amount) FILTER (WHERE a.role = 'tax') AS tax
            FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
            JOIN ledger_account a ON a.id = e.account_id
            WHERE t.kind IN ('sale', 'credit') GROUP BY t.id
        ), papers AS (
            SELECT 'paper:' || d.id AS key, d.number, d.currency, o.number AS order_number,
                   CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END AS sign,
                   d.total_incl_tax AS gross, d.total_incl_tax - d.total_excl_tax AS tax
            FROM papers_document d JOIN order_order o ON o.id = d.order_id
            WHERE d.total_incl_tax > 0
        )
        SELECT coalesce(p.number, b.key), p.sign * p.gross, b.gross, p.sign * p.tax, -b.tax
        FROM papers p FULL JOIN booked b ON b.key = p.key
        WHERE p.sign * p.gross IS DISTINCT FROM b.gross
           OR p.sign * p.tax IS DISTINCT FROM -coalesce(b.tax, 0)
           OR p.currency IS DISTINCT FROM b.currency
           OR p.order_number IS DISTINCT FROM b.order_number
        ORDER BY 1
        """
    ):
        if booked is None:
            yield f"{number} of {paper} is not booked; {CATCH_UP}"
        else:
            yield f"{number}: {paper} with {tax} tax, booked {booked} with {booked_tax or 0}"


@invariant("ledger: of an order that is settled nobody owes anything")
def settled_orders_owe_nothing() -> Iterator[str]:
    """But for news on their way to the papers, refunds on their way, cash still at the door, and what is
    taken as the goods leave: while some are here they wait for it (`orders.services.unpaid`)."""
    at_door = [one.code for one in gateways_all() if one.ships_before_capture]
    coming = numbers_on_their_way() | _captures_on_their_way()
    for number, currency, owed in rows_of(
        """
        SELECT t.order_number, t.currency, sum(e.amount)
        FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
        JOIN ledger_account a ON a.id = e.account_id
        LEFT JOIN order_order o ON o.number = t.order_number
        WHERE a.role = 'receivable' AND NOT EXISTS (
            SELECT 1 FROM payments_paymentintent i LEFT JOIN payments_refund r ON r.intent_id = i.id
            WHERE i.order_number = t.order_number
              AND (r.state = 'pending' OR (
                i.state = 'authorised' AND (i.gateway = ANY(%s) OR i.is_taken_at_shipment))
                OR (i.is_taken_at_shipment AND o.status = ANY(%s)))
        ) AND coalesce(o.status, '') <> %s
        GROUP BY 1, 2 HAVING sum(e.amount) <> 0 ORDER BY 1
        """,
        [at_door, [OrderState.PAID.value, OrderState.PACKED.value], OrderState.PENDING.value],
    ):
        if number not in coming:
            yield f"{number or 'no order'}: {owed} {currency} owed"


def _captures_on_their_way() -> set[str]:
    """Orders that have not heard of their money yet."""
    waiting = OutboxDelivery.objects.filter(
        event__name=PaymentCaptured.name, delivered_at__isnull=True, parked_at__isnull=True
    )
    return set(waiting.values_list("event__payload__order_number", flat=True))
