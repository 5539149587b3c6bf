"""Returns: each behind its order, in the order of docs/locking.md."""

from orders.locks import order_lock
from orders.models import Order
from orders.returns.models import Return


def return_lock(back: Return) -> tuple[Order, Return]:
    """Lock the order, then this return of it, and give both as they are now."""
    order = order_lock(order_id=back.order_id)
    fresh = Return.objects.select_for_update(of=("self",)).get(pk=back.pk)
    fresh.order = order
    return order, fresh
