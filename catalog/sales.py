"""What the catalogue asks about sales. `orders.sales` registers who answers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol


class SoldLine(NamedTuple):
    """One family in one order that was paid. ``buyer``: one text per person, never shown."""

    order_id: int
    buyer: str
    family_id: int
    units: int
    placed_at: dt.datetime


class SalesSource(Protocol):
    def lines(self, *, since: dt.datetime) -> Iterator[SoldLine]:
        """Every line of paid orders since then, oldest first, streamed."""

    def units(self, *, since: dt.datetime, families: Sequence[int] | None = None) -> dict[int, int]:
        """Units sold by family; all families that sold when none are named."""

    def has_bought(self, *, user_id: int, family_id: int) -> bool:
        """Whether the member has a paid order with it."""

    def variant_bought(self, *, user_id: int, family_id: int) -> int | None:
        """Which variant of it the member bought last; None for a product without variants."""

    def families_of(self, *, user_id: int, limit: int) -> list[int]:
        """What the member bought, newest first."""


class _Nobody:
    """No app sells yet."""

    def lines(self, *, since: dt.datetime) -> Iterator[SoldLine]:
        return iter(())

    def units(self, *, since: dt.datetime, families: Sequence[int] | None = None) -> dict[int, int]:
        return {}

    def has_bought(self, *, user_id: int, family_id: int) -> bool:
        return False

    def variant_bought(self, *, user_id: int, family_id: int) -> int | None:
        return None

    def families_of(self, *, user_id: int, limit: int) -> list[int]:
        return []


_source: SalesSource = _Nobody()


def sales_register(source: SalesSource) -> None:
    """The last one that registers is asked."""
    global _source
    _source = source


def sales() -> SalesSource:
    return _source
