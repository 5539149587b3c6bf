"""The inbox of providers' messages. A message is only a reason to ask: the truth is fetched."""

import datetime as dt
import logging
import time
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from payments.gateways import gateway
from payments.gateways.base import WebhookNews
from payments.models import NEXT, WebhookEvent
from payments.selectors import intent_of_key
from payments.services.intents import intent_is_over, intent_refresh
from shop.core.claiming import row_claim
from shop.core.inserting import row_update
from shop.core.planned import planned_rows, planned_run, untyped

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
CLAIM = dt.timedelta(minutes=1)


class Received(NamedTuple):
    """``is_new``: it was not here before. ``is_due``: it is to be worked off."""

    is_new: bool
    is_due: bool


def webhook_receive(*, provider: str, body: bytes, headers: Mapping[str, str]) -> Received:
    """Verify and keep a message. Raises ``WebhookInvalid``.

    Most come a moment after the shopper's return has settled all: where nothing can follow for its
    intent, it is kept as worked off. One statement, whoever sends the same at the same moment.
    """
    news = gateway(provider).parse_webhook(body, headers)
    now = timezone.now()
    facts = [provider, news.event_id, news.kind[:100], news.reference[:200]]
    rows = planned_rows(RECEIVE_SQL, [_key_of(news), ENDED, *facts, now, now, now, NOTHING_NEW])
    return Received(is_new=bool(rows), is_due=bool(rows) and rows[0][0])


def _key_of(news: WebhookNews | WebhookEvent) -> UUID | None:
    """The intent's that it is about; None: nothing of ours."""
    try:
        return UUID(news.reference)
    except ValueError:
        return None


NOTHING_NEW = "nothing new"
ENDED = [state.value for state, then in NEXT.items() if not then]  # type: ignore[attr-defined]
RECEIVE_SQL = """
WITH intent AS (
    SELECT EXISTS (
        SELECT 1 FROM payments_paymentintent WHERE key = %s AND state = ANY (%s)
    ) AS has_ended
)
INSERT INTO payments_webhookevent (
    provider, event_id, kind, reference, received_at, due_at, processed_at, outcome, attempts, last_error
)
SELECT %s, %s, %s, %s, %s, %s,
    CASE WHEN has_ended THEN %s::timestamptz END, CASE WHEN has_ended THEN %s ELSE '' END, 0, ''
FROM intent
ON CONFLICT (provider, event_id) DO NOTHING RETURNING processed_at IS NULL
"""


def webhooks_process(*, limit: int = 200, seconds: float = 60) -> int:
    """Work off what is due, beginning none after ``seconds``. Returns how many messages were handled."""
    end = time.monotonic() + seconds
    settled = _settled_mark(limit)
    for handled in range(settled, limit):
        if time.monotonic() > end:
            return handled
        event = row_claim(WebhookEvent, done="processed_at", keep=CLAIM)
        if event is None:
            return handled
        _process(event)
    return limit


def _settled_mark(most: int) -> int:
    """What came while its intent was settled otherwise is worked off, all by one statement; how many.

    Each is what `_apply` would find to be nothing new: no step can follow for its intent.
    """
    now = timezone.now()
    values = [now, ENDED, most, now, NOTHING_NEW]
    return planned_run(SETTLED_SQL, [untyped(one) for one in values])[1]


SETTLED_SQL = """
WITH due AS MATERIALIZED (
    SELECT event.id FROM payments_webhookevent event JOIN payments_paymentintent intent
    ON intent.key = CASE WHEN event.reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN event.reference::uuid END
    WHERE event.processed_at IS NULL AND event.parked_at IS NULL AND event.due_at <= %s
    AND intent.state = ANY (%s)
    ORDER BY event.due_at, event.id LIMIT %s FOR UPDATE OF event SKIP LOCKED
)
UPDATE payments_webhookevent AS event SET attempts = attempts + 1, processed_at = %s, outcome = %s
FROM due WHERE event.id = due.id
"""


def _process(event: WebhookEvent) -> None:
    try:
        event.outcome = _apply(event)
    except Exception as error:  # whatever it is, the messages behind it are worked off
        event.last_error = f"{type(error).__name__}: {error}"[:300]
        logger.warning("webhook %s: %s", event.pk, type(error).__name__)
        event.due_at = timezone.now() + dt.timedelta(seconds=min(2**event.attempts, 900))
        event.parked_at = timezone.now() if event.attempts >= MAX_ATTEMPTS else None
        row_update(event, "last_error", "due_at", "parked_at")
    else:
        event.processed_at = timezone.now()
        row_update(event, "outcome", "processed_at")


def _apply(event: WebhookEvent) -> str:
    key = _key_of(event)
    intent = intent_of_key(key) if key is not None else None
    if intent is None:
        return "concerns no intent of ours"
    if intent_is_over(intent):
        return NOTHING_NEW
    moved = intent_refresh(intent=intent, source="webhook")
    return NOTHING_NEW if moved.state == intent.state else f"now {moved.state}"
