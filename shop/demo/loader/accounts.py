"""People who can sign in to the demo: a shopper, and one operator per role."""

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group

from crm.accounts import roles
from crm.accounts.models import User


@dataclass(frozen=True)
class Account:
    """``role`` is the name of the role's permission group, but for the shopper and the owner."""

    role: str
    email: str
    first_name: str
    last_name: str
    is_superuser: bool = False


ACCOUNTS = (
    Account("Shopper", "shopper@storekeep.example", "Amelia", "Hart"),
    Account("Owner", "owner@storekeep.example", "Mei", "Lin", is_superuser=True),
    Account(roles.OPERATIONS_MANAGER, "operations@storekeep.example", "Wei", "Wong"),
    Account(roles.PRODUCT_MANAGER, "product@storekeep.example", "Jonas", "Weber"),
    Account(roles.MARKETER, "marketing@storekeep.example", "Sofia", "Rossi"),
    Account(roles.AGENT, "service@storekeep.example", "Daniel", "Okafor"),
    Account(roles.CLERK, "warehouse@storekeep.example", "Ken", "Sato"),
    Account(roles.ANALYST, "analyst@storekeep.example", "Lena", "Brandt"),
    Account(roles.FINANCE, "finance@storekeep.example", "Priya", "Nair"),
)


def accounts_load() -> dict[str, User]:
    """Make the accounts with one random password and write it where the start banner reads it."""
    roles.roles_sync()
    password = "-".join(secrets.choice(_SYLLABLES) for _ in range(4))
    people = {}
    for account in ACCOUNTS:
        user, _ = User.objects.get_or_create(email=account.email)
        user.first_name, user.last_name = account.first_name, account.last_name
        user.is_staff = account.role != "Shopper"
        user.is_superuser = account.is_superuser
        user.set_password(password)
        user.save()
        if account.role in roles.ROLES:
            user.groups.set([Group.objects.get(name=account.role)])
        people[account.role] = user
    _write(password)
    return people


def _write(password: str) -> None:
    path = settings.DATA_DIR / "demo-accounts.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"role": a.role, "email": a.email, "password": password} for a in ACCOUNTS]
    path.touch(mode=0o600)
    path.write_text(json.dumps(rows, indent=2), encoding="utf-8")


_SYLLABLES = [
    "amber",
    "birch",
    "cedar",
    "clover",
    "copper",
    "coral",
    "ember",
    "fern",
    "finch",
    "hazel",
    "heron",
    "indigo",
    "juniper",
    "lantern",
    "linen",
    "maple",
    "marble",
    "meadow",
    "mellow",
    "misty",
    "olive",
    "otter",
    "pebble",
    "pepper",
    "poppy",
    "quartz",
    "raven",
    "river",
    "saffron",
    "sage",
    "sorrel",
    "sparrow",
    "tansy",
    "thistle",
    "velvet",
    "walnut",
    "willow",
    "winter",
    "yarrow",
]
