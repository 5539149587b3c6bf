"""The outbox: what must happen next is written with its cause and delivered after it.

A handler runs in the transaction that marks its delivery, so its database work happens exactly
once. A handler that keeps failing is parked with its last error and never blocks the queue.

Handlers that say what they lock share a transaction with the others of their event, and of what else is
due about the same order, in the order of their locks (docs/locking.md): most of what a small one cost was
to begin, to read the order and to end. If one fails, all goes back and the others are called once more
without it, each in a savepoint of its own.
"""

import datetime as dt
import functools
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from shop.core.events import Event
from shop.core.models import OutboxDelivery, OutboxEvent
from shop.core.outbox_sql import DELIVERED_SQL, EMIT_SQL, NEXT_SQL, NEXT_TO_SQL
from shop.core.planned import planned_rows, planned_run, untyped

logger = logging.getLogger(__name__)

Handler = Callable[..., None]

MAX_ATTEMPTS = 8  # with the backoff below, about four minutes
BACKOFF_SECONDS = 2


class Heard(NamedTuple):
    """An event that was just written."""

    id: int
    name: str


class Told(NamedTuple):
    """Who is to hear of an event now, and the event's fields."""

    handler: Handler
    facts: dict[str, Any]


class _Row(NamedTuple):
    """An event to be written. ``told``: those of its ``hearers`` that are not to be told again."""

    name: str
    payload: str  # JSON
    hearers: list[str]
    told: list[str]


#: What handlers may lock behind the order that they are about, in the order of docs/locking.md.
LOCKS = ("", "fraud check", "wallet", "stock in a warehouse", "series of papers")

_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)
_shared: dict[str, int] = {}  # the place in `LOCKS` of the handlers that share a transaction
_covers: dict[str, str] = {}  # of a handler: the one that need not be called before it
_heard: ContextVar[list[Heard] | None] = ContextVar("outbox_heard", default=None)
_kept: ContextVar[list[_Row] | None] = ContextVar("outbox_kept", default=None)
_telling: ContextVar[tuple[dict[str, Handler], list[Told]] | None] = ContextVar(
    "outbox_telling", default=None
)
_relaying: ContextVar[bool] = ContextVar("outbox_relaying", default=False)
_read_here: ContextVar[dict[Any, Any] | None] = ContextVar("outbox_read_here", default=None)


def on(
    event: type[Event], *, locks: str | None = None, covers: Handler | None = None
) -> Callable[[Handler], Handler]:
    """Register a handler for ``event``; it is called with the event's fields as keywords.

    ``locks``: the one of `LOCKS` that it takes, besides the order of the event; then it may share a
    transaction with others. One that locks more, or else, does not say so and has its own. ``covers``: a
    handler of the same lock that an earlier event of the order calls; where both share a transaction this one
    alone is called, with the fields of both.
    """

    def register(handler: Handler) -> Handler:
        name = _named(handler)
        _handlers[event.name][name] = handler
        if locks is not None:
            _shared[name] = LOCKS.index(locks)
        if covers is not None:
            _covers[name] = _named(covers)
        return handler

    return register


def emit(event: Event, *, rings: bool = True) -> None:
    """Write ``event`` to the outbox. Refuses to run outside a transaction.

    ``rings``: a worker comes at once; else with the next that rings, or by the clock, seconds later.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"emit({event.name}) needs the transaction of its cause")
    if (read := _read_here.get()) is not None:
        read.clear()
    facts = dict(vars(event))  # fields are plain values
    # Those that share a transaction are delivered in the order in which they are written here.
    hearers = sorted(_handlers[event.name], key=lambda name: _shared.get(name, -1))
    row = _Row(event.name, json.dumps(facts), hearers, _told(hearers, facts))
    if (kept := _kept.get()) is not None:
        kept.append(row)
    else:
        _write([row])
    if rings and not any(hook[1] is _kick for hook in transaction.get_connection().run_on_commit):
        transaction.on_commit(_kick, robust=True)


@contextmanager
def together() -> Iterator[None]:
    """What is emitted inside is written at its end, by one statement; nothing where it is left by an error."""
    kept: list[_Row] = []
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
    if kept:
        _write(kept)


def _write(rows: Sequence[_Row]) -> None:
    now = timezone.now()
    hearers = _lists(tuple((tuple(row.hearers), tuple(row.told)) for row in rows))
    events = [[one.name for one in rows], [one.payload for one in rows]]
    keys = planned_rows(EMIT_SQL, [*events, now, now, now, *hearers])
    if (heard := _heard.get()) is not None:
        heard += [Heard(key, row.name) for (key,), row in zip(keys, rows, strict=True)]


@functools.lru_cache(maxsize=200)
def _lists(rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> list[str]:
    """Of each hearer the place of its event, its name and whether it is told, as lists of PostgreSQL's.

    ``rows``: the hearers and those of them that are told; an event nearly always has the same.
    """
    hearers = [
        (n, name, int(name in told)) for n, (names, told) in enumerate(rows, 1) for name in names
    ]
    return [untyped([one[n] for one in hearers]) for n in range(3)]


@contextmanager
def hearing() -> Iterator[list[Heard]]:
    """The events that are written inside, in their order."""
    heard: list[Heard] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


@contextmanager
def telling(*handlers: Handler) -> Iterator[list[Told]]:
    """Of what is emitted inside these ``handlers`` are told by the caller, in the same transaction.

    Their deliveries are written as done; so whatever one raises has to take the transaction back, and
    the cause is then written anew without this. The list is in the order of the events.
    """
    told: list[Told] = []
    token = _telling.set(({_named(one): one for one in handlers}, told))
    try:
        yield told
    finally:
        _telling.reset(token)


def _told(hearers: list[str], facts: dict[str, Any]) -> list[str]:
    """Those of ``hearers`` that `telling` takes from the queue."""
    telling_now = _telling.get()
    if telling_now is None:
        return []
    handlers, told = telling_now
    names = [name for name in hearers if name in handlers]
    told.extend(Told(handlers[name], facts) for name in names)
    return names


def relay(*, limit: int = 200, seconds: float = 20) -> int:
    """Deliver what is due. Returns how many were delivered.

    What its handlers emit is delivered by the same call, so they ring for no other worker. After
    ``seconds`` no other is begun, and another call is asked for: other tasks get their turn.
    """
    delivered, begun, end = 0, 0, time.monotonic() + seconds
    with relaying():
        while begun < limit and time.monotonic() <= end:
            outcomes = _deliver_next(end)
            if not outcomes:
                return delivered
            begun += len(outcomes)
            delivered += sum(outcomes)
    _kick()
    return delivered


def read_here() -> dict[Any, Any] | None:
    """What handlers of one order read for each other in the transaction that they share; None: each reads for itself.

    Empty again whenever one of them has told of a change.
    """
    return _read_here.get()


@contextmanager
def _reading_once() -> Iterator[None]:
    token = _read_here.set({})
    try:
        yield
    finally:
        _read_here.reset(token)


@contextmanager
def relaying() -> Iterator[None]:
    """What is emitted inside is relayed afterwards by the caller."""
    token = _relaying.set(True)
    try:
        yield
    finally:
        _relaying.reset(token)


def relay_to(*handlers: Handler, events: Sequence[Heard]) -> None:
    """Deliver these events to these handlers now, for a request that cannot go on without them.

    What others wait for is left to the worker, and so is a delivery that it has begun.
    """
    for event in events:
        names = tuple(name for one in handlers if (name := _named(one)) in _handlers[event.name])
        for _ in names:
            if not _deliver_to(names, event.id):
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


def _deliver_next(end: float) -> list[bool]:
    """What is due next, with what shares its transaction: whether each was delivered, or failed and was
    put back or parked. Nothing: nothing is due. After ``end`` none is begun, and left to the next call.
    """
    try:
        return _deliver_found(end, None)
    except _Failed as failed:
        return _deliver_found(end, failed)


@transaction.atomic
def _deliver_found(end: float, failed: "_Failed | None") -> list[bool]:
    """``failed``: what did so when all shared one transaction without a savepoint; it is not called again,
    and what else fails now takes nothing back of the others."""
    now = timezone.now()
    rows = planned_rows(NEXT_SQL, [now, list(_shared), list(_shared), now])
    found = sorted(map(_Due._make, rows), key=lambda due: (_shared.get(due.handler, -1), due.id))
    if failed is None:
        done = _deliver_together(found, end)
    else:
        done = {}
        for due in found:
            if done and time.monotonic() > end:
                break
            done[due.id] = _deliver_apart(due, failed)
    _mark([pk for pk, is_delivered in done.items() if is_delivered])
    return list(done.values())


def _deliver_together(found: "Sequence[_Due]", end: float) -> dict[int, bool]:
    done: dict[int, bool] = {}
    waiting: dict[str, _Due] = {}  # what another covers
    covered = {_covers[due.handler] for due in found if due.handler in _covers}
    is_shared = bool(found) and found[0].handler in _shared
    with _reading_once() if is_shared else nullcontext():
        for due in found:
            if done and time.monotonic() > end:
                break
            if due.handler in covered:
                waiting[due.handler] = due
                continue
            before = waiting.pop(_covers.get(due.handler, ""), None)
            _call(due, before)
            done |= {one.id: True for one in (before, due) if one is not None}
    return done


def _deliver_to(handlers: tuple[str, ...], event: int) -> bool:
    """One of these deliveries; False if none is there, or it failed.

    It is alone in its transaction, so all of that goes back with it and no savepoint is needed.
    """
    due = None
    try:
        with transaction.atomic():
            due = _due_to(handlers, event)
            if due is not None:
                _hear(due)
                _mark([due.id])
    except Exception as error:  # whatever it is, who waits goes on
        if due is None:
            raise
        with transaction.atomic():
            if due == _due_to(handlers, event):  # unless a worker has taken it up meanwhile
                _postpone(due, error)
        return False
    return due is not None


def _due_to(handlers: tuple[str, ...], event: int) -> "_Due | None":
    """The first of these deliveries, locked."""
    rows = planned_rows(NEXT_TO_SQL, [timezone.now(), event, list(handlers)])
    return _Due(*rows[0]) if rows else None


class _Due(NamedTuple):
    """A delivery that is locked, and its event."""

    id: int
    handler: str
    event: str
    payload: str  # JSON


class _Failed(Exception):
    """A handler of the first try, with what it raised as ``__cause__``."""

    def __init__(self, due: _Due, error: Exception) -> None:
        super().__init__(due.handler)
        self.due, self.error = due, error


def _hear(due: _Due, before: _Due | None = None) -> None:
    facts = json.loads(before.payload) if before else {}
    _handlers[due.event][due.handler](**(facts | json.loads(due.payload)))


def _call(due: _Due, before: _Due | None) -> None:
    try:
        _hear(due, before)
    except Exception as error:  # whatever it is
        raise _Failed(due, error) from error


def _deliver_apart(due: _Due, failed: _Failed) -> bool:
    try:
        if due == failed.due:
            raise failed.error
        with transaction.atomic():
            _hear(due)
    except Exception as error:  # whatever it is, the queue goes on
        _postpone(due, error)
        return False
    return True


def _mark(ids: Sequence[int]) -> None:
    if ids:
        planned_run(DELIVERED_SQL, [str(timezone.now()), untyped(list(ids))])


def _postpone(due: _Due, error: Exception) -> None:
    delivery = OutboxDelivery.objects.get(pk=due.id)
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
