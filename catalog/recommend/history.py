"""Orders as recommenders read them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.sales import SoldLine


@dataclass
class Purchase:
    """One paid order: who, when, and which families."""

    buyer: str
    at: dt.datetime
    families: set[int] = field(default_factory=set)


def purchases_of(lines: Iterable[SoldLine]) -> list[Purchase]:
    """Lines gathered into orders, oldest first."""
    orders: dict[int, Purchase] = {}
    for line in lines:
        order = orders.setdefault(line.order_id, Purchase(buyer=line.buyer, at=line.placed_at))
        order.families.add(line.family_id)
    return sorted(orders.values(), key=lambda one: one.at)


def bought_by(purchases: Iterable[Purchase]) -> dict[str, list[int]]:
    """By buyer: families, the oldest first, each once (where it was bought last)."""
    found: dict[str, dict[int, None]] = {}
    for purchase in purchases:
        own = found.setdefault(purchase.buyer, {})
        for family in sorted(purchase.families):
            own.pop(family, None)
            own[family] = None
    return {buyer: list(own) for buyer, own in found.items()}
