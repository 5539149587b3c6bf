"""The outbox: what must happen next is written with its cause and delivered after it.

A handler runs in the transaction that marks its delivery, so its database work happens exactly
once. A handler that keeps failing is parked with its last error and never blocks the queue.
"""

import datetime as dt
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shop.core.events import Event
from shop.core.models import OutboxDelivery, OutboxEvent
from shop.core.planned import planned_cursor, planned_rows
from shop.core.prepared import INTEGERS, MOMENT, Prepared

logger = logging.getLogger(__name__)

Handler = Callable[..., None]

MAX_ATTEMPTS = 8  # with the backoff below, about four minutes
BACKOFF_SECONDS = 2


class Heard(NamedTuple):
    """An event that was just written."""

    id: int
    name: str


_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_heard: ContextVar[list[Heard] | None] = ContextVar("outbox_heard", default=None)
_relaying: ContextVar[bool] = ContextVar("outbox_relaying", default=False)


#: The event and what its handlers are to hear, in one statement.
EMIT_SQL = """
WITH event AS (
    INSERT INTO core_outboxevent (name, payload, created_at) VALUES (%s, %s, %s) RETURNING id
), told AS (
    INSERT INTO core_outboxdelivery (event_id, handler, attempts, due_at, last_error)
    SELECT event.id, handler, 0, %s, '' FROM event, unnest(%s::text[]) handler
)
SELECT id FROM event
"""


def on(event: type[Event]) -> Callable[[Handler], Handler]:
    """Register a handler for ``event``; it is called with the event's fields as keywords."""

    def register(handler: Handler) -> Handler:
        _handlers[event.name][_named(handler)] = handler
        return handler

    return register


def emit(event: Event) -> None:
    """Write ``event`` to the outbox. Refuses to run outside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"emit({event.name}) needs the transaction of its cause")
    now, payload = timezone.now(), json.dumps(asdict(event))
    rows = planned_rows(EMIT_SQL, [event.name, payload, now, now, list(_handlers[event.name])])
    if (heard := _heard.get()) is not None:
        heard.append(Heard(rows[0][0], event.name))
    if not any(hook[1] is _kick for hook in transaction.get_connection().run_on_commit):
        transaction.on_commit(_kick, robust=True)


@contextmanager
def hearing() -> Iterator[list[Heard]]:
    """The events that are written inside, in their order."""
    heard: list[Heard] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def relay(*, limit: int = 200, seconds: float = 20) -> int:
    """Deliver what is due, one delivery per transaction. Returns how many were delivered.

    What its handlers emit is delivered by the same call, so they ring for no other worker. After
    ``seconds`` no other is begun, and another call is asked for: other tasks get their turn.
    """
    delivered, end = 0, time.monotonic() + seconds
    token = _relaying.set(True)
    try:
        for _ in range(limit):
            if time.monotonic() > end:
                break
            outcome = _deliver_next(_next)
            if outcome is None:
                return delivered
            delivered += outcome
    finally:
        _relaying.reset(token)
    _kick()
    return delivered


def relay_to(*handlers: Handler, events: Sequence[Heard]) -> None:
    """Deliver these events to these handlers now, for a request that cannot go on without them.

    What others wait for is left to the worker, and so is a delivery that it has begun.
    """
    names = tuple(_named(one) for one in handlers)
    wanted = sum(name in _handlers[event.name] for event in events for name in names)
    for _ in range(wanted):
        if not _deliver_next(_next_to(names), events=[event.id for event in events]):
            break


def payloads_waiting(event: type[Event]) -> list[dict[str, Any]]:
    """What is known of the events of this kind that a handler has still to hear of."""
    waiting = OutboxEvent.objects.filter(
        name=event.name, deliveries__delivered_at=None, deliveries__parked_at=None
    )
    return list(waiting.distinct().values_list("payload", flat=True))


def retry(*, delivery_id: int) -> None:
    """Give a parked delivery another round of attempts."""
    OutboxDelivery.objects.filter(pk=delivery_id, delivered_at__isnull=True).update(
        parked_at=None, attempts=0, due_at=timezone.now()
    )


def _named(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


@transaction.atomic
def _deliver_next(due: Prepared[OutboxDelivery], **values: Any) -> bool | None:
    """True: delivered; False: failed and put back or parked; None: nothing is ``due``."""
    delivery = next(iter(due.read(now=timezone.now(), **values)), None)
    if delivery is None:
        return None
    try:
        with transaction.atomic():
            handler = _handlers[delivery.event.name][delivery.handler]
            handler(**delivery.event.payload)
    except Exception as error:  # whatever it is, the queue goes on
        _postpone(delivery, error)
        return False
    delivery.delivered_at = timezone.now()
    with planned_cursor() as cursor:
        cursor.execute(DELIVERED_SQL, [str(delivery.delivered_at), str(delivery.pk)])
    return True


def _due(now: dt.datetime) -> QuerySet[OutboxDelivery]:
    return (
        OutboxDelivery.objects.filter(
            delivered_at__isnull=True, parked_at__isnull=True, due_at__lte=now
        )
        .select_related("event")
        .order_by("due_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)
    )


# Each order has a dozen deliveries: writing the SQL anew took longer than most handlers.
_next: Prepared[OutboxDelivery] = Prepared(lambda now: _due(now)[:1], now=MOMENT)


@lru_cache(maxsize=16)
def _next_to(handlers: tuple[str, ...]) -> Prepared[OutboxDelivery]:
    return Prepared(
        lambda now, events: _due(now).filter(event__in=events, handler__in=handlers)[:1],
        now=MOMENT,
        events=INTEGERS,
    )


DELIVERED_SQL = "UPDATE core_outboxdelivery SET delivered_at = %s WHERE id = %s"


def _postpone(delivery: OutboxDelivery, error: Exception) -> None:
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.parked_at = timezone.now()
        logger.error("outbox: parked %s of event %s", delivery.handler, delivery.event_id)
    else:
        delay = BACKOFF_SECONDS**delivery.attempts
        delivery.due_at = timezone.now() + dt.timedelta(seconds=delay)
        logger.warning("outbox: %s failed, again in %s s", delivery.handler, delay)
    delivery.save(update_fields=["attempts", "last_error", "due_at", "parked_at"])


def _kick() -> None:
    """Ask a worker to relay now; without one the clock does it within seconds."""
    from shop.core.tasks import outbox_relay, send_once

    if not _relaying.get():
        send_once(outbox_relay)
