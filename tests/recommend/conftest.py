"""A history of orders without orders: what the catalogue is told of sales."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.utils import timezone

from catalog import sales
from catalog.sales import SoldLine


class ToldSales:
    """Answers from a list of baskets; each is ``(buyer, days ago, families)``."""

    def __init__(self) -> None:
        self.rows: list[SoldLine] = []

    def tell(self, *baskets: tuple[str, float, Sequence[int]]) -> None:
        now = timezone.now()
        for buyer, days, families in sorted(baskets, key=lambda one: -one[1]):
            number = len({row.order_id for row in self.rows}) + 1
            at = now - dt.timedelta(days=days)
            self.rows += [SoldLine(number, buyer, family, 1, at) for family in families]

    def lines(self, *, since):
        return iter([row for row in self.rows if row.placed_at >= since])

    def units(self, *, since, families=None):
        return {}

    def has_bought(self, *, user_id, family_id):
        return False

    def families_of(self, *, user_id, limit):
        own = [row.family_id for row in reversed(self.rows) if row.buyer == str(user_id)]
        return list(dict.fromkeys(own))[:limit]


@pytest.fixture
def told() -> Iterator[Callable[..., None]]:
    before, source = sales.sales(), ToldSales()
    sales.sales_register(source)
    yield source.tell
    sales.sales_register(before)
