"""The inbox of providers' messages. A message is only a reason to ask: the truth is fetched."""

import datetime as dt
import logging
import time
from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from payments.gateways import gateway
from payments.models import NEXT, WebhookEvent
from payments.selectors import intent_of_key
from payments.services.intents import intent_refresh
from shop.core.claiming import row_claim
from shop.core.inserting import row_update

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
CLAIM = dt.timedelta(minutes=1)


def webhook_receive(*, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Verify and keep a message. False if it is already here. Raises ``WebhookInvalid``."""
    news = gateway(provider).parse_webhook(body, headers)
    _, is_new = WebhookEvent.objects.get_or_create(
        provider=provider,
        event_id=news.event_id,
        defaults={"kind": news.kind[:100], "reference": news.reference[:200]},
    )
    return is_new


def webhooks_process(*, limit: int = 200, seconds: float = 60) -> int:
    """Work off what is due, beginning none after ``seconds``. Returns how many messages were handled."""
    end = time.monotonic() + seconds
    for handled in range(limit):
        if time.monotonic() > end:
            return handled
        event = row_claim(WebhookEvent, done="processed_at", keep=CLAIM)
        if event is None:
            return handled
        _process(event)
    return limit


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
    try:
        intent = intent_of_key(UUID(event.reference))
    except ValueError:
        intent = None
    if intent is None:
        return "concerns no intent of ours"
    if not NEXT[intent.state]:  # nothing can follow, so there is nothing to ask the provider
        return "nothing new"
    moved = intent_refresh(intent=intent, source="webhook")
    return "nothing new" if moved.state == intent.state else f"now {moved.state}"
