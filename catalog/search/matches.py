"""What a search hands to whoever lists products."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Matches:
    """The products that fit a query, best first, without having read them.

    ``sql`` with ``params`` selects ``product_id, score`` (a family's id, a float; more is better), each
    family once; it can stand as a common table expression. Who reads the rows of lists anyway takes
    ``fits``, which selects ``product_id, fit``, as ``matched(product_id, score)`` and makes the same
    score of it by the expression ``score``, about ``matched`` and ``listed``: so those rows are read
    once. ``understood`` differs from ``query``
    when a typing slip was mended. ``redirect`` is an address an operator chose for this query;
    ``exact`` the product whose SKU or barcode it is.
    """

    query: str
    understood: str
    sql: str
    params: tuple[Any, ...] = ()
    fits: str = "SELECT NULL::bigint AS product_id, 0::float8 AS fit WHERE FALSE"
    fits_params: tuple[Any, ...] = ()
    score: str = "0::float8"
    score_params: tuple[Any, ...] = ()
    redirect: str = ""
    exact: int | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def is_mended(self) -> bool:
        return self.understood != self.query
