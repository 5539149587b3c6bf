"""A check is locked behind its order."""

from orders.fraud.models import FraudCheck


def check_lock(pk: int) -> FraudCheck:
    """Under the order's lock: the fresh row of its check."""
    return FraudCheck.objects.select_for_update(of=("self",)).get(pk=pk)
