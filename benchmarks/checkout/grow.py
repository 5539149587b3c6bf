"""A shop with a long past: orders that were placed are copied until there are so many.

Each copy has a buyer, an address, a telephone, a parcel and a payment of its own; one in 500 waits to be
packed, one in 700 to be handed over, one in 40 was cancelled, the others arrived.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

AT_ONCE = 50_000
FIRST = "Anna Mei Jonas Lena Wei Omar Sofia Paul Ines Tomas Yuki Clara Felix Nora Hugo Maya Emil Ida Leon Zoe"
LAST = "Lin Weber Garcia Rossi Novak Wang Keller Silva Moreau Berg Tanaka Fischer Costa Ivanov Meyer Zhang Olsen Vogel Haas Becker"
HOSTS = "example.com example.org mail.example post.example web.example"
STATE = (
    "CASE WHEN pairs.place %% 500 = 0 THEN 'paid' WHEN pairs.place %% 700 = 0 THEN 'packed'"
    " WHEN pairs.place %% 40 = 0 THEN 'cancelled' ELSE 'delivered' END"
)
PERSON = {
    "first": "(string_to_array(%(first)s, ' '))[1 + pairs.place %% 20]",
    "last": "(string_to_array(%(last)s, ' '))[1 + (pairs.place / 20) %% 20]"
    " || CASE WHEN pairs.place %% 7 = 0 THEN '' ELSE '-' || to_hex(pairs.place %% 4096) END",
    "host": "(string_to_array(%(hosts)s, ' '))[1 + pairs.place %% 5]",
}
# What differs in a copy. ``pairs``: the old key, the new one, that of its address, the number of the copy.
CHANGED: dict[str, dict[str, str]] = {
    "order_shippingaddress": {
        "id": "pairs.address",
        "first_name": PERSON["first"],
        "last_name": PERSON["last"],
        "phone_number": "'+49151' || lpad((pairs.place::bigint * 7919 %% 100000000)::text, 8, '0')",
        "code": "NULL",
    },
    "order_order": {
        "id": "pairs.new",
        "number": "pairs.number",
        "basket_id": "NULL",
        "date_placed": "now() - pairs.place * interval '30 seconds'",
        "user_id": "NULL",
        "status": STATE,
        "shipping_address_id": "CASE WHEN row.shipping_address_id IS NULL THEN NULL ELSE pairs.address END",
        "guest_email": f"lower({PERSON['first']} || '.' || {PERSON['last']}) || pairs.place %% 9973"
        f" || '@' || {PERSON['host']}",
    },
    "order_line": {"order_id": "pairs.new", "status": STATE, "num_allocated": "0"},
    "fulfilment_orderfacts": {"order_id": "pairs.new"},
    "sums_ordersums": {"order_id": "pairs.new"},
    "fulfilment_shipment": {
        "order_id": "pairs.new",
        "tracking_number": "'PW' || lpad((pairs.place * 104729::bigint %% 10000000000)::text, 10, '0') || row.id",
        "consignment_id": "NULL",
        "carrier": "'parcelway'",
        "shipped_at": "now() - pairs.place * interval '30 seconds'",
        "packed_at": "NULL",
        "delivered_at": "NULL",
    },
    "payments_paymentintent": {
        "order_number": "pairs.number",
        "key": "gen_random_uuid()",
        "reference": "''",
        "state": "CASE WHEN row.state = 'captured' THEN row.state ELSE 'cancelled' END",
        "problem": "''",
    },
}
#: How the rows of a table are found, where not by ``order_id``.
OWN = {
    "order_order": "row.id = pairs.old",
    "order_shippingaddress": "row.id = (SELECT shipping_address_id FROM order_order WHERE id = pairs.old)",
    "payments_paymentintent": "row.id = (SELECT max(id) FROM payments_paymentintent"
    " WHERE order_number = pairs.old_number)",
}
WORDS = "INSERT INTO desk_orderwords (order_id, words) SELECT new, desk_words(new) FROM pairs"
WATCHED = [*CHANGED, "desk_orderwords"]


def orders_grow(url: str, *, number: int) -> int:
    """Bring the shop at ``url`` to ``number`` orders; how many there are now."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        there = connection.execute("SELECT COUNT(*) FROM order_order").fetchone()[0]
        _triggers(connection, "DISABLE")
        while there < number:
            count = min(AT_ONCE, number - there)
            with connection.transaction():
                _pairs_make(connection, place=there, count=count)
                for table, changed in CHANGED.items():
                    _copy(connection, table, changed)
                connection.execute(WORDS)
            there += count
            print(f"  {there:,} orders", flush=True)
        _triggers(connection, "ENABLE")
        connection.execute("VACUUM ANALYZE")
        # A shop that has had them for years is not still writing them to the disk.
        if connection.execute("SELECT pg_has_role('pg_checkpoint', 'USAGE')").fetchone()[0]:
            connection.execute("CHECKPOINT")
    return there


def _triggers(connection: psycopg.Connection, how: str) -> None:
    """Of the audit trail and of the words: row by row they would take an hour."""
    for table in WATCHED:
        connection.execute(
            sql.SQL(f"ALTER TABLE {{}} {how} TRIGGER USER").format(sql.Identifier(table))
        )


def _pairs_make(connection: psycopg.Connection, *, place: int, count: int) -> None:
    connection.execute("DROP TABLE IF EXISTS pairs")
    connection.execute(
        "CREATE TEMP TABLE pairs AS SELECT base.id AS old, base.number AS old_number,"
        " n + %(place)s AS place, nextval(pg_get_serial_sequence('order_order', 'id')) AS new,"
        " nextval(pg_get_serial_sequence('order_shippingaddress', 'id')) AS address,"
        " upper(left(md5((n + %(place)s)::text), 4)) || '-G' || lpad((n + %(place)s)::text, 7, '0')"
        " AS number"
        " FROM generate_series(1, %(count)s) n JOIN (SELECT id, number, row_number() OVER (ORDER BY id)"
        " - 1 AS at, count(*) OVER () AS all FROM order_order WHERE number NOT LIKE '%%-G%%') base"
        " ON base.at = n %% base.all",
        {"place": place, "count": count},
    )
    connection.execute("ANALYZE pairs")


def _copy(connection: psycopg.Connection, table: str, changed: Mapping[str, str]) -> None:
    """Rows of ``table`` that belong to the orders in ``pairs``, with new keys."""
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
        if name != "id" or "id" in changed
    ]
    values = [
        sql.SQL(changed[name])
        if name in changed
        else sql.SQL("row.{}").format(sql.Identifier(name))
        for name in columns
    ]
    own = OWN.get(table, "row.order_id = pairs.old")
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} row JOIN pairs ON {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(values),
            sql.Identifier(table),
            sql.SQL(own),
        ),
        {"first": FIRST, "last": LAST, "hosts": HOSTS},
    )
