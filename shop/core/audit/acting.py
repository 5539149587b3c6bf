"""Says to the database who acts, for as long as they do.

django-pghistory puts it before each statement that writes, for the length of its transaction: it
holds behind a pooler, and reading costs nothing.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from pghistory.runtime import context

from shop.core.audit.models import Origin


def address_short(address: str) -> str:
    """The network of an address: enough to say from where, not who. Empty if it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)


@contextmanager
def acting(
    *,
    user_id: int | None,
    place: str,
    address: str = "",
    origin: str = Origin.OFFICE,
    reason: str = "",
) -> Iterator[None]:
    """All that is written inside is noted as done by ``user_id``. Nested, the inner words hold on."""
    said: dict[str, Any] = {
        "user": user_id,
        "place": place[:200],
        "address": address_short(address),
        "origin": str(origin),
        "reason": reason[:200],
    }
    with context(**said):
        yield


@contextmanager
def quietly(why: str) -> Iterator[None]:
    """Inside, nothing is noted row by row; who uses it writes one entry about all of it.

    Needs a transaction and ends with it at the latest.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("quietly() needs the transaction whose rows it leaves out")
    _quiet(why)
    yield
    _quiet("")


@contextmanager
def aloud() -> Iterator[None]:
    """Inside of `quietly`: notes are written again, for what is to be told by itself."""
    _quiet("")
    yield
    _quiet("on")


def _quiet(why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('audit.quiet', %s, true)", [why])
