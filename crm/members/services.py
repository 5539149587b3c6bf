"""What members tell about themselves."""

import datetime as dt

from crm.accounts.models import User
from crm.members.models import MemberFacts


def birthday_set(*, user: User, birthday: dt.date | None) -> None:
    """None takes it back; nothing is noted of who told nothing."""
    if birthday is None:
        MemberFacts.objects.filter(user=user).update(birthday=None)
        return
    MemberFacts.objects.update_or_create(user=user, defaults={"birthday": birthday})


def birthday_of(user: User) -> dt.date | None:
    found = MemberFacts.objects.filter(user=user).first()
    return found.birthday if found else None
