"""The only place that locks people; before everything else, see docs/locking.md."""

from crm.accounts.models import User


def member_lock(user_id: int) -> User:
    """Lock one person's row and return it fresh."""
    return User.objects.select_for_update(of=("self",)).get(pk=user_id)
