"""The rules themselves."""

from django.db import transaction

from orders.returns.models import ReturnPolicy


@transaction.atomic
def policy_save(*, policy: ReturnPolicy) -> ReturnPolicy:
    """From now on it holds for what is asked; what was asked for keeps the one it met."""
    policy.save()
    return policy


@transaction.atomic
def policy_delete(*, policy: ReturnPolicy) -> bool:
    """False for the one of everything else, which stays."""
    if policy.category_id is None:
        return False
    policy.delete()
    return True
