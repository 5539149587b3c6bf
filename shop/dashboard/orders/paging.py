"""One page of a list of orders that may be a million long.

Pages follow each other by the last order of the one before (``after``) or the first of the one behind
(``before``), so that the hundredth costs what the first does. A word that many orders have, as the database's
statistics say, is looked for among the newest first and found there at once; any other by its index.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from orders.desk.common import orders_about
from orders.desk.words import share_wanted, words_first, words_ids, words_match
from orders.fulfilment.models.parcels import promise
from orders.models import Order

SIZE = 40
NEAR = 30_000  # orders looked through one by one; one in 700 fills a page
MOST = 2000  # orders that have a word, taken one by one

#: By name, the column and whether it goes down; each has an index.
SORTS = {
    "": ("date_placed", True),
    "placed": ("date_placed", False),
    "-total": ("total_incl_tax", True),
    "total": ("total_incl_tax", False),
    "promise": ("promise", False),  # the soonest first, those without one last
    "-promise": ("promise", True),
}


@dataclass(frozen=True)
class Page:
    """``newer`` and ``older`` are the ids for ``before`` and ``after``; None: there are no more.

    ``total``: how many there are in all; None: more than anybody counts.
    """

    ids: list[int]
    newer: int | None = None
    older: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class Sorted:
    """Orders by a column and then by their keys."""

    rows: QuerySet[Order]
    column: str
    goes_down: bool


def orders_page(
    rows: QuerySet[Order], *, wanted: str = "", sort: str = "", after: int = 0, before: int = 0
) -> Page:
    """A page of ``rows``, which nothing has put in order, of those that have the words ``wanted``."""
    column, goes_down = SORTS[sort]
    rows = _with_column(rows, column)
    edge = _edge(column, after or before)
    is_back = bool(before and not after and edge)
    goes_down = goes_down != is_back
    if edge:
        rows = rows.filter(_beyond(column, edge, goes_down))
    sign = "-" if goes_down else ""
    rows = rows.order_by(f"{sign}{column}", f"{sign}pk")
    ids, total = _found(Sorted(rows, column, goes_down), wanted, is_first=not edge)
    has_more, ids = len(ids) > SIZE, ids[:SIZE]
    if is_back:
        ids.reverse()
    if not edge and not has_more:
        total = len(ids)
    has_newer = has_more if is_back else bool(edge)
    has_older = True if is_back else has_more
    return Page(
        ids=ids,
        newer=ids[0] if ids and has_newer else None,
        older=ids[-1] if ids and has_older else None,
        total=total,
    )


def _found(there: Sorted, wanted: str, *, is_first: bool) -> tuple[list[int], int | None]:
    """One more than a page, and how many there are if that costs nothing."""
    rows = there.rows
    if not wanted:
        return _ids(rows), None
    share = share_wanted(wanted)
    is_common = share * NEAR > SIZE and orders_about(share) > MOST
    if is_common and (found := _near(there, wanted)) is not None:
        return found, None
    having = words_ids(wanted, most=MOST)
    if having is not None:
        those = among(rows, having)
        if not is_first:
            return _ids(those), None
        ids = list(those.values_list("pk", flat=True))
        return ids[: SIZE + 1], len(ids)
    if not is_common and (found := _near(there, wanted)) is not None:
        return found, None
    return _ids(rows.filter(words_match(wanted))), None


def _near(there: Sorted, wanted: str) -> list[int] | None:
    """More than a page of the first of ``there``, or all there are; None: there may be more behind."""
    found = words_first(
        wanted,
        there.rows,
        column=there.column,
        goes_down=there.goes_down,
        look=NEAR,
        most=SIZE + 1,
    )
    is_enough = len(found) > SIZE or not there.rows.values_list("pk")[NEAR : NEAR + 1]
    return found if is_enough else None


def among(rows: QuerySet[Order], ids: list[int]) -> QuerySet[Order]:
    """Those of ``rows`` that ``ids`` names. As one array: thousands of values each take time to be read."""
    return rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


def _ids(rows: QuerySet[Order]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[: SIZE + 1])


def _edge(column: str, pk: int) -> tuple[object, int] | None:
    """Where the order ``pk`` stands; None if there is none."""
    if not 0 < pk < 2**63:
        return None
    rows = _with_column(Order.objects.filter(pk=pk), column)
    return rows.order_by().values_list(column, "pk").first()


def _with_column(rows: QuerySet[Order], column: str) -> QuerySet[Order]:
    if column != "promise":
        return rows
    # Without outer join, so that the index of the facts can lead.
    return rows.filter(facts__isnull=False).annotate(promise=promise("facts__"))


def _beyond(column: str, edge: tuple[object, int], goes_down: bool) -> Q:
    value, pk = edge
    step = "lt" if goes_down else "gt"
    beyond = Q(**{f"{column}__{step}": value}) | Q(**{f"pk__{step}": pk})
    return Q(**{f"{column}__{step}e": value}) & beyond
