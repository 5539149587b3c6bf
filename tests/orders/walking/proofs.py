"""What holds after each step of a walk, in two statements: hundreds of thousands of steps are proven."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import Cursor

from orders.fulfilment.models import OPEN
from orders.states import AFTER_SHIPPING, HOLDING, NEXT, SOLD
from shop.core.events import PaymentAuthorised, PaymentCaptured, PaymentFailed

#: Apps whose rows steps of orders write. A refused one leaves them alone.
WRITTEN = (
    "order",
    "additions",
    "desk",
    "fraud",
    "fulfilment",
    "life",
    "papers",
    "refunding",
    "returns",
    "sums",
    "payments",
    "bank",
    "ledger",
    "wallets",
    "partner",
    "core",
)
MORE = ("basket_basket", "supply_stockmovement", "supply_warehousestock", "audit_entry")


@cache
def _rows_sql() -> str:
    models = [one for label in WRITTEN for one in apps.get_app_config(label).get_models()]
    tables = {one._meta.db_table for one in models if one._meta.managed}
    return " UNION ALL ".join(
        f"SELECT '{table}', sum(hashtid(ctid)::bigint) FROM {table}"  # each version of a row has a place
        for table in sorted({*tables, *MORE})
    )


def _asked(sql: str, values: Mapping[str, Any] | None = None) -> list[Any]:
    """Its plan is made once: there are thousands of steps."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        return cursor.execute(sql, values, prepare=True).fetchall()


def rows_now() -> dict[str, int | None]:
    """By table a sum that another one follows when a row was added, changed or taken away."""
    return dict(_asked(_rows_sql()))


def found_in(orders: Iterable[int], records: Iterable[int]) -> list[tuple[str, str, str]]:
    """Of these orders and stock records: what breaks a rule, and ``intent`` with key and state."""
    steps = [(old, new) for old, after in NEXT.items() for new in after]
    return _asked(
        PROOFS_SQL,
        {
            "orders": list(orders),
            "records": list(records),
            "old": [str(old) for old, _new in steps],
            "new": [str(new) for _old, new in steps],
            "sold": [str(one) for one in SOLD],
            "gone": [str(one) for one in AFTER_SHIPPING],
            "here": [str(one) for one in HOLDING],
            "open": [str(one) for one in OPEN],
            "money": [one.name for one in (PaymentAuthorised, PaymentCaptured, PaymentFailed)],
        },
    )


PROOFS_SQL = """
WITH o AS MATERIALIZED (
    SELECT o.*, EXISTS (
        SELECT FROM core_outboxevent e JOIN core_outboxdelivery d ON d.event_id = e.id
        WHERE e.payload ->> 'order_number' = o.number AND e.name = ANY (%(money)s::text[])
        AND d.delivered_at IS NULL AND d.handler LIKE 'orders.handlers.on_payment%%'
    ) AS is_to_hear
    FROM order_order o WHERE o.id = ANY (%(orders)s::bigint[])
), l AS MATERIALIZED (
    SELECT l.*, o.status AS stands, coalesce((
        SELECT sum(s.quantity) FROM fulfilment_shipmentline s
        JOIN fulfilment_shipment p ON p.id = s.shipment_id AND p.shipped_at IS NOT NULL
        WHERE s.order_line_id = l.id
    ), 0) AS gone
    FROM order_line l JOIN o ON o.id = l.order_id
), i AS MATERIALIZED (
    SELECT i.*,
        coalesce((SELECT sum(amount) FROM payments_refund r
            WHERE r.intent_id = i.id AND r.state <> 'refused'), 0) AS asked,
        coalesce((SELECT sum(amount) FROM payments_refund r
            WHERE r.intent_id = i.id AND r.state = 'pending'), 0) AS on_its_way,
        coalesce((SELECT sum(amount) FROM payments_paymententry e
            WHERE e.intent_id = i.id AND e.kind = 'captured'), 0) AS entered,
        coalesce((SELECT sum(amount) FROM payments_paymententry e
            WHERE e.intent_id = i.id AND e.kind = 'refunded'), 0) AS sent,
        coalesce((SELECT sum(amount) FROM payments_capture c
            WHERE c.intent_id = i.id AND c.state = 'done'), 0) AS taken,
        coalesce((SELECT sum(amount) FROM payments_capture c
            WHERE c.intent_id = i.id AND c.state IN ('pending', 'refused')), 0) AS claimed
    FROM payments_paymentintent i JOIN o ON o.number = i.order_number
), money AS (
    SELECT order_number AS number, sum(amount_captured - amount_refunded) AS kept,
        sum(on_its_way) AS on_its_way,
        sum(CASE WHEN state = 'authorised' AND is_taken_at_shipment THEN amount_authorised
            WHEN state = 'authorised' AND gateway = 'cod' THEN amount
            ELSE amount_captured END) AS covered,
        bool_or(is_taken_at_shipment AND state = 'captured') AS has_ended
    FROM i GROUP BY 1
), books AS (
    SELECT t.order_number AS number,
        sum(e.amount) FILTER (WHERE a.role = 'refunds') AS refunds,
        sum(e.amount) FILTER (WHERE a.role = 'receivable'
            AND t.kind IN ('capture', 'refund_asked', 'refund_refused')) AS paid
    FROM ledger_transaction t JOIN o ON o.number = t.order_number
    JOIN ledger_entry e ON e.transaction_id = t.id JOIN ledger_account a ON a.id = e.account_id
    GROUP BY 1
)
SELECT 'intent', id::text, state FROM i
UNION ALL
SELECT 'the total is its parts', number, total_incl_tax::text FROM o
WHERE total_incl_tax <> shipping_incl_tax
    + coalesce((SELECT sum(line_price_incl_tax) FROM l WHERE l.order_id = o.id), 0)
    + coalesce((SELECT sum(incl_tax) FROM order_surcharge s WHERE s.order_id = o.id), 0)
OR total_excl_tax <> shipping_excl_tax
    + coalesce((SELECT sum(line_price_excl_tax) FROM l WHERE l.order_id = o.id), 0)
    + coalesce((SELECT sum(excl_tax) FROM order_surcharge s WHERE s.order_id = o.id), 0)
UNION ALL
SELECT 'a line is its units', l.partner_sku, l.line_price_incl_tax::text FROM l
WHERE l.line_price_incl_tax <> coalesce((
    SELECT sum(price_incl_tax * quantity) FROM order_lineprice p WHERE p.line_id = l.id), 0)
UNION ALL
SELECT 'each state follows the one before', c.order_id::text, c.old_status || ' ' || c.new_status
FROM order_orderstatuschange c JOIN o ON o.id = c.order_id
WHERE NOT EXISTS (SELECT FROM unnest(%(old)s::text[], %(new)s::text[]) AS legal (old, new)
    WHERE legal.old = c.old_status AND legal.new = c.new_status)
UNION ALL
SELECT 'its state is the last that was told', o.number, o.status FROM o
WHERE o.status <> coalesce((SELECT new_status FROM order_orderstatuschange c
    WHERE c.order_id = o.id ORDER BY c.id DESC LIMIT 1), 'pending')
UNION ALL
SELECT 'allocated is what is still here', partner_sku, stands || ' ' || num_allocated FROM l
WHERE num_allocated <> CASE WHEN stands = ANY (%(here)s::text[]) THEN quantity - gone ELSE 0 END
OR gone > quantity OR (stands = ANY (%(gone)s::text[]) AND gone < quantity)
UNION ALL
SELECT 'what is to be sent is held', l.partner_sku, sum(c.quantity - c."left")::text
FROM l JOIN fulfilment_consignmentline c ON c.order_line_id = l.id
JOIN fulfilment_consignment one ON one.id = c.consignment_id AND one.state = ANY (%(open)s::text[])
GROUP BY l.id, l.partner_sku, l.num_allocated HAVING sum(c.quantity - c."left") > l.num_allocated
UNION ALL
SELECT 'refunded is at most captured, at most authorised', id::text, state FROM i
WHERE NOT (0 <= amount_refunded AND amount_refunded <= amount_captured
    AND amount_captured <= amount_authorised AND amount_authorised <= amount)
UNION ALL
SELECT 'a payment is its entries, refunds and captures', id::text, state FROM i
WHERE amount_captured <> entered OR amount_refunded <> asked OR asked - on_its_way <> sent
OR taken > amount_captured
OR (state = 'authorised' AND claimed > amount_authorised - amount_captured)
UNION ALL
SELECT 'nobody keeps more than the order costs', o.number, money.kept::text
FROM o JOIN money USING (number) WHERE NOT is_to_hear
AND money.kept > CASE WHEN o.status = 'cancelled' THEN 0 ELSE o.total_incl_tax END
UNION ALL
SELECT 'what is sold has its money', o.number, o.status || ' ' || money.covered
FROM o LEFT JOIN money USING (number) WHERE NOT is_to_hear AND o.status = ANY (%(sold)s::text[])
AND coalesce(money.covered, 0) < o.total_incl_tax
AND NOT (o.status IN ('paid', 'packed') AND coalesce(money.has_ended, false))
UNION ALL
SELECT 'the books have what was paid and what is on its way back', o.number, books.paid::text
FROM o LEFT JOIN money USING (number) LEFT JOIN books USING (number)
WHERE coalesce(books.paid, 0) <> -coalesce(money.kept, 0)
OR coalesce(books.refunds, 0) <> -coalesce(money.on_its_way, 0)
UNION ALL
SELECT 'a booking adds up to nothing', t.key, sum(e.amount)::text
FROM ledger_transaction t JOIN o ON o.number = t.order_number
JOIN ledger_entry e ON e.transaction_id = t.id GROUP BY t.id HAVING sum(e.amount) <> 0
UNION ALL
SELECT 'a wallet is its entries, and never below zero', w.id::text, w.balance::text
FROM wallets_wallet w WHERE w.balance < 0
OR w.balance <> coalesce((SELECT sum(amount) FROM wallets_walletentry e WHERE e.wallet_id = w.id), 0)
UNION ALL
SELECT 'stock is its movements, and allocated is what lines hold', r.partner_sku,
    coalesce(r.num_allocated, 0) || ' of ' || r.num_in_stock
FROM partner_stockrecord r WHERE r.id = ANY (%(records)s::bigint[])
AND (coalesce(r.num_allocated, 0) NOT BETWEEN 0 AND r.num_in_stock
    OR r.num_in_stock <> coalesce((
        SELECT sum(quantity) FROM supply_stockmovement m WHERE m.stock_record_id = r.id), 0)
    OR coalesce(r.num_allocated, 0)
        <> coalesce((SELECT sum(num_allocated) FROM order_line x WHERE x.stockrecord_id = r.id), 0)
        + coalesce((SELECT sum(held) FROM additions_additionline x WHERE x.stockrecord_id = r.id), 0))
UNION ALL
SELECT 'no goods come from nowhere', r.partner_sku, r.num_in_stock::text
FROM partner_stockrecord r WHERE r.id = ANY (%(records)s::bigint[]) AND r.num_in_stock > (
    SELECT sum(quantity) FROM supply_stockmovement m
    WHERE m.stock_record_id = r.id AND m.reason = 'opening')
UNION ALL
SELECT 'what was added is held while it waits', o.number, a.state || ' ' || x.held
FROM o JOIN additions_addition a ON a.order_id = o.id
JOIN additions_additionline x ON x.addition_id = a.id
WHERE x.held <> CASE a.state WHEN 'waiting' THEN x.quantity ELSE 0 END
UNION ALL
SELECT 'a warehouse reserves what it is to send', r.partner_sku, w.reserved::text
FROM supply_warehousestock w JOIN partner_stockrecord r ON r.id = w.stock_record_id
WHERE r.id = ANY (%(records)s::bigint[]) AND w.reserved <> coalesce((
    SELECT sum(c.quantity - c."left") FROM fulfilment_consignmentline c
    JOIN fulfilment_consignment one ON one.id = c.consignment_id
    JOIN order_line x ON x.id = c.order_line_id
    WHERE x.stockrecord_id = r.id AND one.warehouse_id = w.warehouse_id
    AND one.state = ANY (%(open)s::text[])), 0)
UNION ALL
SELECT 'what was added waits only where it may come', o.number, o.status
FROM o JOIN additions_addition a ON a.order_id = o.id
WHERE a.state = 'waiting' AND o.status NOT IN ('pending', 'paid')
UNION ALL
SELECT 'no line gives back more than it cost', l.partner_sku, sum(r.amount)::text
FROM l JOIN refunding_refundrequestline r ON r.order_line_id = l.id
JOIN refunding_refundrequest a ON a.id = r.request_id AND a.state <> 'refused'
WHERE NOT EXISTS (SELECT FROM life_orderevent e WHERE e.order_id = l.order_id AND e.kind = 'lines')
GROUP BY l.id, l.partner_sku, l.line_price_incl_tax HAVING sum(r.amount) > l.line_price_incl_tax
"""
