"""Words that very many orders have, as PostgreSQL's own statistics of the index of words know them."""

from django.db import connection

from shop.core.nearby import Nearby

MANY = 0.005  # of all orders
FEW_ORDERS = 20_000  # below that any way to look is quick
KEPT_SECONDS = 600  # the statistics themselves are renewed by autovacuum, as the table grows
STATEMENT = """
    SELECT word, share, (SELECT reltuples FROM pg_class WHERE oid = 'desk_orderwords'::regclass)
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)
        AS common (word, share)
    WHERE schemaname = current_schema AND tablename = 'desk_orderwords' AND attname = 'words'
        AND share >= %s AND (SELECT reltuples FROM pg_class
            WHERE oid = 'desk_orderwords'::regclass) >= %s
"""


def _read() -> tuple[dict[str, float], float]:
    """Shares of words, and of how many orders they are."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [MANY, FEW_ORDERS])
        rows = cursor.fetchall()
    return {word: share for word, share, _orders in rows if word}, rows[0][2] if rows else 0


_common = Nearby("desk.words", _read, seconds=KEPT_SECONDS, by_language=False)


def share_of(word: str) -> float:
    """Of all orders, those that have ``word`` (with its ``c:`` or ``p:``); 0 unless they are many."""
    return _common.get()[0].get(word, 0.0)


def orders_about(share: float) -> float:
    """How many orders that share of all is; 0 where they are few."""
    return share * _common.get()[1]
