"""Words that very many orders have, as PostgreSQL's own statistics of the index of words know them."""

from django.db import connection

from shop.core.nearby import Nearby

MANY = 0.005  # of all orders
FEW_ORDERS = 20_000  # below that any way to look is quick
KEPT_SECONDS = 600  # the statistics themselves are renewed by autovacuum, as the table grows
STATEMENT = """
    SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)
        AS common (word, share)
    WHERE schemaname = current_schema AND tablename = 'desk_orderwords' AND attname = 'words'
        AND share >= %s AND (SELECT reltuples FROM pg_class
            WHERE oid = 'desk_orderwords'::regclass) >= %s
"""


def _read() -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [MANY, FEW_ORDERS])
        return {word: share for word, share in cursor.fetchall() if word}


_common = Nearby("desk.common", _read, seconds=KEPT_SECONDS, by_language=False)


def share_of(word: str) -> float:
    """Of all orders, those that have ``word`` (with its ``c:`` or ``p:``); 0 unless they are many."""
    return _common.get().get(word, 0.0)
