"""Reading lists: one statement answers the page, the total and every count."""

import datetime as dt
from dataclasses import dataclass

from catalog.listing.facets import words
from catalog.listing.filters import Filters
from catalog.listing.kept import rows_kept, rows_read
from catalog.listing.panel import Panel, panel_make
from catalog.listing.scopes import Scope
from catalog.listing.statement import conditions_of, statement
from catalog.listing.tally import Tally
from shop.core.pagecache import depends, until


@dataclass(frozen=True)
class Listing:
    """One page of a list. ``ids`` in their order; ``panel`` is what narrows it further.

    ``ends_at``: when the first of the offers in the list ends, None when none does.
    """

    ids: list[int]
    total: int
    page: int
    pages: int
    filters: Filters
    panel: Panel
    ends_at: dt.datetime | None = None
    sort: str = ""
    sorts: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """The place of the page's first product, from 1."""
        return (self.page - 1) * self.filters.per + 1 if self.ids else 0

    @property
    def last(self) -> int:
        return self.first + len(self.ids) - 1 if self.ids else 0


def listing_read(*, scope: Scope, filters: Filters) -> Listing:
    """One query for any list, however long, and whichever of its pages; none for a kept one."""
    depends(*scope.tags)
    known = words()
    filters = filters.fitting(order=scope.order, sorts=scope.sorts)
    conditions = conditions_of(filters, known)
    sql, params = statement(scope, filters, conditions)
    tally = Tally(bits=conditions.bits)
    places: list[tuple[int, int]] = []
    ends: int | None = None
    is_whole = not (conditions.parts or scope.source)
    for kind, value, missed, number in (rows_kept if is_whole else rows_read)(sql, params):
        if kind == "page":
            places.append((number, value))
        elif kind == "ends":
            ends = value
        else:
            tally.add(kind, value, missed, number)
    ends_at = dt.datetime.fromtimestamp(ends, tz=dt.UTC) if ends else None
    until(ends_at)
    total = tally.total
    pages = max(1, -(-total // filters.per))
    filters = filters.at(min(filters.page, pages))
    return Listing(
        ids=[pk for _place, pk in sorted(places)],
        total=total,
        page=filters.page,
        pages=pages,
        filters=filters,
        panel=panel_make(scope=scope, filters=filters, tally=tally, known=known),
        ends_at=ends_at,
        sort=filters.sort or scope.order,
        sorts=scope.sorts,
    )
