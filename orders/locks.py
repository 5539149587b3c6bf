"""The only place that locks baskets and orders; first in the order of docs/locking.md."""

from collections.abc import Iterable

from orders.basket.models import Basket
from orders.models import Order


def basket_lock(basket_id: int) -> Basket:
    """Lock a basket and return its fresh row."""
    return Basket.objects.select_for_update(of=("self",)).get(pk=basket_id)


def order_lock(*, number: str = "", order_id: int = 0) -> Order:
    """Lock an order, by number or by id, and return its fresh row."""
    rows = Order.objects.select_for_update(of=("self",))
    return rows.get(number=number) if number else rows.get(pk=order_id)


def baskets_lock(ids: Iterable[int]) -> dict[int, Basket]:
    """Lock several baskets by key and return their fresh rows; what is gone is missing."""
    rows = Basket.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}
