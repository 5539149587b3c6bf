"""Three for less: what people buy several of."""

from collections.abc import Iterator
from decimal import Decimal

TIERED = {"drinks", "light", "notebooks"}  # shelves
STEPS = ((3, Decimal("0.88")), (6, Decimal("0.82")))
COIN = Decimal("0.05")


def tier_prices(price: Decimal) -> Iterator[tuple[int, Decimal]]:
    """Units and what one costs then, in five cents, each lower than the last."""
    last = price
    for units, factor in STEPS:
        lower = ((price * factor / COIN).quantize(Decimal(1)) * COIN).quantize(Decimal("0.01"))
        if Decimal(0) < lower < last:
            yield units, lower
            last = lower
