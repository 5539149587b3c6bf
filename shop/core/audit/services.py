"""Writing to the trail: what is no change of a row, the chain, and its anchors."""

import hmac
import logging
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from shop.core.audit.acting import address_short
from shop.core.audit.chain import CONTENT, GENESIS
from shop.core.audit.models import Anchor, Entry, Origin, Seal, Waiting

logger = logging.getLogger(__name__)
BATCH = 2000
LOCK = 0x617564  # of an advisory lock; one sealer at a time


def entry_write(
    *,
    action: str,
    actor: int | None,
    place: str,
    address: str = "",
    label: str = "",
    key: object = "",
    subject: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    reason: str = "",
    origin: str = Origin.OFFICE,
) -> Entry:
    """Note something that is no change of a row: a sign-in, an export, a look behind a mask."""
    return Entry.objects.create(
        action=action,
        actor=actor,
        origin=origin,
        place=place[:200],
        address=address_short(address),
        label=label,
        object_key=str(key)[:120],
        subject=subject or (f"{label}:{key}" if label else ""),
        old=old,
        new=new,
        reason=reason[:200],
    )


def entries_seal() -> int:
    """Link every committed entry into the chain, in the order of their keys; how many.

    Entries of transactions that run on are linked by the next call: the chain has the order of its
    links, so that no write waits for another. Safe to call at once: the second finds nothing to do.
    """
    sealed = 0
    while count := _batch_seal():
        sealed += count
    return sealed


@transaction.atomic
def _batch_seal() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            f"SELECT e.id, {CONTENT} FROM audit_entry e"  # noqa: S608  a constant
            " WHERE e.id IN (SELECT entry_key FROM audit_waiting ORDER BY entry_key LIMIT %s)"
            " ORDER BY e.id",
            [BATCH],
        )
        rows = cursor.fetchall()
    last = Seal.objects.order_by("-number").first()
    number, digest = (last.number, bytes(last.digest)) if last else (0, GENESIS)
    seals = []
    for number, (key, content) in enumerate(rows, start=number + 1):  # noqa: B020
        digest = sha256(digest + content.encode()).digest()
        seals.append(Seal(number=number, entry_key=key, digest=digest))
    Seal.objects.bulk_create(seals)
    Waiting.objects.filter(entry_key__in=[key for key, _content in rows]).delete()
    return len(seals)


def anchor_make() -> Anchor | None:
    """Sign the end of the chain and say it in the log; None if there is nothing new to sign."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return None
    digest = bytes(last.digest)
    anchor, is_new = Anchor.objects.get_or_create(
        number=last.number,
        defaults={"digest": digest, "signature": signature_of(last.number, digest)},
    )
    if is_new:
        logger.info("audit anchor %s %s", anchor.number, digest.hex())
    return anchor


def signature_of(number: int, digest: bytes, *, secret: str | None = None) -> str:
    """By the shop's secret key, which is not in the database."""
    key = sha256(b"audit-anchor:" + (secret or settings.SECRET_KEY).encode()).digest()
    return hmac.new(key, f"{number}:{digest.hex()}".encode(), "sha256").hexdigest()
