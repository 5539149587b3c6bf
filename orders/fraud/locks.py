"""A check is locked behind its order."""

from orders.fraud.models import FraudCheck
from shop.core.prepared import INTEGER, Prepared


def check_lock(pk: int) -> FraudCheck:
    """Under the order's lock: the fresh row of its check."""
    return FraudCheck.objects.select_for_update(of=("self",)).get(pk=pk)


def check_lock_of(order_id: int) -> FraudCheck | None:
    """Under the order's lock: the check of an order; None if it was not checked yet."""
    return next(iter(_of_order.read(order=order_id)), None)


_of_order: Prepared[FraudCheck] = Prepared(
    lambda order: FraudCheck.objects.select_for_update(of=("self",)).filter(order=order),
    order=INTEGER,
)
