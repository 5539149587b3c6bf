"""What a set costs and which units make one. Pure arithmetic: the basket and the page share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.core.money import ZERO, rounded


@dataclass(frozen=True)
class Part:
    """``product_id`` of a family or of one variant; ``quantity`` units of it make one set."""

    product_id: int
    quantity: int


@dataclass(frozen=True)
class Rule:
    """A set as arithmetic sees it; see `ProductSet` for the fields."""

    set_id: int
    title: str
    parts: tuple[Part, ...]
    price: Decimal | None
    percent: Decimal | None
    pick: int | None


@dataclass(frozen=True)
class Units:
    """So many units at one price; ``price`` is what one costs without the set, tax included."""

    key: int
    product_id: int
    family_id: int
    price: Decimal
    count: int


def set_taken(rule: Rule, units: Sequence[Units]) -> dict[int, int] | None:
    """Units by key that make one set, the dearest first; None if there is not all of it."""
    left = {one.key: one.count for one in units}
    taken: dict[int, int] = {}
    ids = tuple(part.product_id for part in rule.parts)
    wanted = (
        [(ids, rule.pick)]
        if rule.pick
        else [((part.product_id,), part.quantity) for part in _narrow_first(rule, units)]
    )
    by_price = sorted(units, key=lambda one: (-one.price, one.key))
    for products, missing in wanted:
        for one in by_price:
            fits = one.product_id in products or one.family_id in products
            count = min(missing, left[one.key]) if fits else 0
            if count:
                left[one.key] -= count
                taken[one.key] = taken.get(one.key, 0) + count
                missing -= count
        if missing:
            return None
    return taken


def _narrow_first(rule: Rule, units: Sequence[Units]) -> list[Part]:
    """A part that names a variant takes it before one that is content with any of the family."""
    families = {one.family_id for one in units}
    return sorted(rule.parts, key=lambda part: part.product_id in families)


def set_price(rule: Rule, alone: Decimal, currency: str) -> Decimal:
    """What one set costs whose units cost ``alone`` without it; never more than that."""
    if rule.price is not None:
        return min(rounded(rule.price, currency), alone)
    return rounded(alone * (100 - (rule.percent or ZERO)) / 100, currency)
