"""People who can sign in to the demo: a shopper, and one operator per role."""

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group

from crm.accounts.models import User
from crm.accounts.roles import roles_sync


@dataclass(frozen=True)
class Account:
    """``group`` is the name of the role's permission group; empty for the shopper and the owner."""

    role: str
    email: str
    first_name: str
    last_name: str
    group: str = ""
    is_superuser: bool = False


ACCOUNTS = (
    Account("Shopper", "shopper@storekeep.example", "Amelia", "Hart"),
    Account("Owner", "owner@storekeep.example", "Mei", "Lin", is_superuser=True),
    Account("Operations manager", "operations@storekeep.example", "Mei", "Wong", "operations"),
    Account("Product manager", "product@storekeep.example", "Jonas", "Weber", "product"),
    Account("Marketer", "marketing@storekeep.example", "Sofia", "Rossi", "marketing"),
    Account("Customer service", "service@storekeep.example", "Daniel", "Okafor", "service"),
    Account("Warehouse", "warehouse@storekeep.example", "Ken", "Sato", "warehouse"),
    Account("Analyst", "analyst@storekeep.example", "Lena", "Brandt", "analyst"),
    Account("Finance", "finance@storekeep.example", "Priya", "Nair", "finance"),
)


def accounts_load() -> dict[str, User]:
    """Make the accounts with one random password and write it where the start banner reads it."""
    roles_sync()
    password = "-".join(secrets.choice(_SYLLABLES) for _ in range(4))
    people = {}
    for account in ACCOUNTS:
        user, _ = User.objects.get_or_create(email=account.email)
        user.first_name, user.last_name = account.first_name, account.last_name
        user.is_staff = account.role != "Shopper"
        user.is_superuser = account.is_superuser
        user.set_password(password)
        user.save()
        if account.group:
            user.groups.set([Group.objects.get(name=account.group)])
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
