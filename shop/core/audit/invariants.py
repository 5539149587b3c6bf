"""What `manage.py verify` asks of the audit trail."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from shop.core.audit.chain import BROKEN, LOOSE
from shop.core.audit.installing import (
    KEEPERS,
    function_found,
    triggers_found,
    triggers_wanted,
)
from shop.core.audit.models import Anchor, Seal
from shop.core.audit.services import signature_of
from shop.core.audit.triggers import BODY
from shop.core.verify import invariant

STEP = 100_000  # links looked at in one statement
SHOWN = 100
SEALED_WITHIN = dt.timedelta(hours=1)


@invariant("The audit trail's chain is whole: no entry changed, removed or put elsewhere")
def chain_is_whole() -> Iterator[str]:
    last = Seal.objects.aggregate(last=Max("number"))["last"] or 0
    with connection.cursor() as cursor:
        for first in range(1, last + 1, STEP):
            cursor.execute(BROKEN, [first, min(first + STEP - 1, last), SHOWN])
            for number, key, is_gone, has_gap in cursor.fetchall():
                if has_gap:
                    yield f"link {number - 1} of the audit chain is missing, before entry {key}"
                elif is_gone:
                    yield f"audit entry {key} (link {number}) is gone"
                else:
                    yield f"audit entry {key} (link {number}) is not what was sealed"


@invariant("Every entry of the audit trail is sealed within the hour")
def entries_are_sealed() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(LOOSE, [timezone.now() - SEALED_WITHIN, SHOWN])
        for (key,) in cursor.fetchall():
            yield f"audit entry {key} has no link in the chain"


@invariant("The audit trail's chain reaches each of its anchors")
def anchors_hold() -> Iterator[str]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    anchors = list(Anchor.objects.order_by("number"))
    links = Seal.objects.in_bulk([anchor.number for anchor in anchors])
    for anchor in anchors:
        digest, link = bytes(anchor.digest), links.get(anchor.number)
        known = {signature_of(anchor.number, digest, secret=secret) for secret in secrets}
        if anchor.signature not in known:
            yield f"the anchor at link {anchor.number} is not signed by this shop"
        if link is None:
            yield f"the audit chain ends before its anchor at link {anchor.number}"
        elif bytes(link.digest) != digest:
            yield f"link {anchor.number} of the audit chain is another than was anchored"


@invariant("Every watched table has its triggers, and they are on")
def triggers_are_on() -> Iterator[str]:
    wanted, found = {*triggers_wanted(), *KEEPERS}, triggers_found("audit_")
    for table, name in sorted(wanted - found.keys()):
        yield f"{table} is not watched: {name} is missing"
    for (table, name), state in sorted(found.items()):
        if state != "O":
            yield f"{table} is not watched: {name} is switched off"
    if function_found() != BODY:
        yield "the function that notes changes is another than ours"
