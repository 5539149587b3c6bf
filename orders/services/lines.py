"""Small helpers about the lines of an order."""

from collections import Counter
from collections.abc import Mapping

from orders.models import Line


def units_of(quantities: Mapping[Line, int]) -> dict[int, int]:
    """Units per stock record id; two lines may share one."""
    units: Counter[int] = Counter()
    for line, quantity in quantities.items():
        if quantity and line.stockrecord_id is not None:
            units[line.stockrecord_id] += quantity
    return dict(units)
