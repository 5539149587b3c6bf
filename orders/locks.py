"""The only place that locks baskets and orders; first in the order of docs/locking.md."""

from collections.abc import Iterable

from orders.basket.models import Basket
from orders.models import Order
from shop.core.prepared import INTEGER, TEXT, Prepared


def basket_lock(basket_id: int) -> Basket:
    """Lock a basket and return its fresh row. Raises ``Basket.DoesNotExist``."""
    for basket in _basket.read(pk=basket_id):
        return basket
    raise Basket.DoesNotExist


def order_lock(*, number: str = "", order_id: int = 0) -> Order:
    """Lock an order, by number or by id, and return its fresh row. Raises ``Order.DoesNotExist``."""
    found = _order_of_number.read(number=number) if number else _order.read(pk=order_id)
    for order in found:
        return order
    raise Order.DoesNotExist


def baskets_lock(ids: Iterable[int]) -> dict[int, Basket]:
    """Lock several baskets by key and return their fresh rows; what is gone is missing."""
    rows = Basket.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


_basket: Prepared[Basket] = Prepared(
    lambda pk: Basket.objects.select_for_update(of=("self",)).filter(pk=pk), pk=INTEGER
)
_order: Prepared[Order] = Prepared(
    lambda pk: Order.objects.select_for_update(of=("self",)).filter(pk=pk), pk=INTEGER
)
_order_of_number: Prepared[Order] = Prepared(
    lambda number: Order.objects.select_for_update(of=("self",)).filter(number=number), number=TEXT
)
