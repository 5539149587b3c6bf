"""Events, and their delivery in Stripe's own scheme.

An event and its planned deliveries are written in the transaction of their cause. A delivery
is marked done after the shop answered 2xx, so each arrives at least once; the queue lies in
the SQLite file, so a restart goes on where it stopped.
"""

import asyncio
import copy
import hashlib
import hmac
import json
import logging
import time
from contextlib import suppress
from typing import Any

import httpx

from payments.localprovider.core import Provider
from payments.localprovider.engine import sessions_expire_due
from payments.localprovider.faults import TAMPERS
from payments.localprovider.message import Message
from payments.localprovider.shapes import event_shape
from payments.localprovider.store import Row
from payments.localprovider.wallets.notices import NOTICES

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 16
MOST_AT_ONCE = 50  # copies of one event; each has a connection
KEPT_SECONDS = 2.0  # that a connection waits for the next message; less than a shop keeps it open
MAX_PAUSE = 3600.0
IDLE_PAUSE = 30.0  # less than any session lives, so a new one need not wake the worker
SKEW = 3600  # seconds that a stale or future timestamp is off; Stripe's tolerance is 300
_AMOUNTS = ("amount", "amount_total", "amount_received", "amount_captured", "amount_refunded")


def signature_header(body: bytes, secret: str, timestamp: int) -> str:
    """``Stripe-Signature`` for ``body``: HMAC-SHA256 over the timestamp, a dot and the body."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={mac.hexdigest()}"


def request_build(event: dict[str, Any], secret: str, tamper: str | None) -> tuple[bytes, str]:
    """Body and signature header of one delivery, with the asked-for fault in it."""
    timestamp = int(time.time())
    if tamper == "stale":
        timestamp -= SKEW
    elif tamper == "future":
        timestamp += SKEW
    elif tamper == "wrong_amount":
        event = _amount_changed(event)
    elif tamper == "bad_signature":
        secret = "whsec_of_somebody_else"  # noqa: S105 - a wrong secret is the point
    body = json.dumps(event, separators=(",", ":")).encode()
    header = signature_header(body, secret, timestamp)
    if tamper == "altered":
        body = json.dumps(_amount_changed(event), separators=(",", ":")).encode()
    return body, header


def _amount_changed(event: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(event)
    target = changed["data"]["object"]
    for name in _AMOUNTS:
        if isinstance(target.get(name), int):
            target[name] += 1
    return changed


def event_resend(provider: Provider, event_id: str, *, count: int, tamper: str | None) -> None:
    """Queue ``count`` further deliveries of an event. Raises ``KeyError``, ``ValueError``."""
    if tamper is not None and tamper not in TAMPERS:
        raise ValueError(f"tamper is one of {', '.join(TAMPERS)}")
    provider.store.get("events", event_id)
    for _ in range(count):
        provider.store.add("deliveries", event=event_id, due_at=time.time(), tamper=tamper)
    provider.wake.set()


def message_build(provider: Provider, event: Row, tamper: str | None) -> Message:
    """One delivery of ``event`` in the protocol that it belongs to."""
    wallet = event["type"].partition(".")[0]
    if wallet in NOTICES:
        return NOTICES[wallet](provider, event, tamper)
    shape = event_shape(provider, event)
    body, signature = request_build(shape, provider.config.webhook_secret, tamper)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": "Stripe/1.0 (local test provider)",
    }
    return Message(url=provider.config.webhook_url, body=body, headers=headers)


async def deliver_forever(provider: Provider) -> None:
    """The background worker: send what is due, expire what is over, sleep until the next."""
    limits = httpx.Limits(
        max_connections=MOST_AT_ONCE, max_keepalive_connections=2, keepalive_expiry=KEPT_SECONDS
    )
    timeout = httpx.Timeout(provider.config.webhook_timeout)
    async with httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False) as client:
        while True:
            try:
                await _round(provider, client)
            except Exception:
                # One bad round must not end all deliveries.
                logger.exception("a round of webhook deliveries failed")
                await asyncio.sleep(1)


async def _round(provider: Provider, client: httpx.AsyncClient) -> None:
    provider.wake.clear()
    pause = 0.0
    with provider.store.transaction():
        sessions_expire_due(provider)
        batch = _due(provider)
        if not batch:
            pause = _pause(provider)
    if batch:
        await asyncio.gather(*(_deliver(provider, client, *one) for one in batch))
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(provider.wake.wait(), timeout=pause)


def _due(provider: Provider) -> list[tuple[Row, Message]]:
    """All due copies of the event whose turn it is: copies go out at once, events in order."""
    now = time.time()
    pending = "SELECT * FROM deliveries WHERE state = 'pending' AND due_at <= ?"
    first = provider.store.first(f"{pending} ORDER BY due_at, seq LIMIT 1", now)
    if first is None:
        return []
    event = provider.store.get("events", first["event"])
    rows = provider.store.all(f"{pending} AND event = ? ORDER BY seq", now, event["id"])
    return [(row, message_build(provider, event, row["tamper"])) for row in rows]


def _pause(provider: Provider) -> float:
    """Seconds until there is something to do by the clock."""
    row = provider.store.first(
        "SELECT min(at) AS at FROM ("
        " SELECT min(due_at) AS at FROM deliveries WHERE state = 'pending'"
        " UNION ALL SELECT min(expires_at) FROM sessions WHERE status = 'open')"
    )
    if row is None or row["at"] is None:
        return IDLE_PAUSE
    return min(max(row["at"] - time.time(), 0.005), IDLE_PAUSE)


async def _deliver(
    provider: Provider, client: httpx.AsyncClient, row: Row, message: Message
) -> None:
    status, error = None, None
    try:
        # The deadline covers the whole exchange: httpx's own timeouts are per read.
        async with asyncio.timeout(provider.config.webhook_timeout):
            answer = await client.post(message.url, content=message.body, headers=message.headers)
        status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
        error = f"{type(failure).__name__}: {failure}"[:300]
    with provider.store.transaction():
        _attempt_record(provider, row, status, error)


def _attempt_record(provider: Provider, row: Row, status: int | None, error: str | None) -> None:
    if provider.store.first("SELECT id FROM deliveries WHERE id = ?", row["id"]) is None:
        return  # the state was reset while the request was on its way
    attempts = row["attempts"] + 1
    facts: dict[str, Any] = {"attempts": attempts, "last_status": status, "last_error": error}
    if status is not None and 200 <= status < 300:
        facts["state"] = "delivered"
    elif row["tamper"] or attempts >= MAX_ATTEMPTS:
        # What was spoilt on purpose is not repeated, or no test could see the refusal stand.
        facts["state"] = "failed"
    else:
        base = provider.config.retry_base
        facts["due_at"] = time.time() + min(base * 2 ** (attempts - 1), MAX_PAUSE)
    provider.store.change("deliveries", row["id"], **facts)
    if facts.get("state") != "delivered":
        logger.warning("webhook %s: %s", row["event"], error or f"answered {status}")
