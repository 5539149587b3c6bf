"""A shop with a long past: orders that were placed are copied until there are so many."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

AT_ONCE = 50_000
# What differs in a copy. ``pairs``: the old key, the new one, the number of the copy.
CHANGED: dict[str, dict[str, str]] = {
    "order_order": {
        "id": "pairs.new",
        "number": "'G' || lpad(pairs.place::text, 9, '0')",
        "basket_id": "NULL",
        "date_placed": "now() - pairs.place * interval '30 seconds'",
        "user_id": "NULL",
    },
    "order_line": {"order_id": "pairs.new", "status": "'Delivered'", "num_allocated": "0"},
    "fulfilment_orderfacts": {"order_id": "pairs.new"},
    "sums_ordersums": {"order_id": "pairs.new"},
}
STATUS = {"order_order": {"status": "'delivered'"}, "order_line": {"status": "'delivered'"}}


def orders_grow(url: str, *, number: int) -> int:
    """Bring the shop at ``url`` to ``number`` orders; how many there are now. Each copy is delivered."""
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT COUNT(*) FROM order_order").fetchone()[0]
        while there < number:
            count = min(AT_ONCE, number - there)
            _pairs_make(connection, place=there, count=count)
            for table, changed in CHANGED.items():
                _copy(connection, table, changed | STATUS.get(table, {}))
            there += count
        connection.execute("VACUUM ANALYZE")
    return there


def _pairs_make(connection: psycopg.Connection, *, place: int, count: int) -> None:
    connection.execute("DROP TABLE IF EXISTS pairs")
    connection.execute(
        "CREATE TEMP TABLE pairs AS SELECT base.id AS old, n + %(place)s AS place,"
        " nextval(pg_get_serial_sequence('order_order', 'id')) AS new"
        " FROM generate_series(1, %(count)s) n JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1"
        " AS at, count(*) OVER () AS all FROM order_order WHERE number NOT LIKE 'G%%') base"
        " ON base.at = n %% base.all",
        {"place": place, "count": count},
    )


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
    own = "id" if table == "order_order" else "order_id"
    values = [
        sql.SQL(changed[name])
        if name in changed
        else sql.SQL("row.{}").format(sql.Identifier(name))
        for name in columns
    ]
    connection.execute(
        sql.SQL(
            "INSERT INTO {} ({}) SELECT {} FROM {} row JOIN pairs ON pairs.old = row.{}"
        ).format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(values),
            sql.Identifier(table),
            sql.Identifier(own),
        )
    )
