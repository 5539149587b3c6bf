"""Who works here. Nobody is made staff, or ceases to be, in any other way."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction

from crm.accounts.locks import member_lock
from crm.accounts.models import User
from crm.accounts.roles import ROLES


@transaction.atomic
def team_member_set(
    *, actor: User, member: User, roles: Iterable[str], is_staff: bool = True
) -> User:
    """Give ``member`` exactly ``roles`` (names of `ROLES`); without ``is_staff`` they leave the team.

    Raises ``PermissionDenied`` unless ``actor`` is an owner and ``member`` is not one: nobody acts
    on themselves or on somebody of their own rank. ``KeyError`` names a role that does not exist.
    """
    member = member_lock(member.pk)
    if not (actor.is_active and actor.is_superuser) or member.is_superuser:
        raise PermissionDenied("only an owner changes the team, and never another owner")
    wanted = set(roles) if is_staff else set()
    if unknown := wanted - ROLES.keys():
        raise KeyError(sorted(unknown)[0])
    member.is_staff = is_staff
    member.save(update_fields=["is_staff"])
    others = [group for group in member.groups.all() if group.name not in ROLES]
    member.groups.set([*others, *Group.objects.filter(name__in=wanted)])
    return member
