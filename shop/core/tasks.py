"""The kernel's tasks; all are safe to run twice and side by side."""

import logging
import time
from collections.abc import Callable
from functools import partial

from celery import Task, shared_task
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from shop.core import mail, outbox

logger = logging.getLogger(__name__)

FIRST = 0  # priority of tasks that move money or tell of it; see CELERY_TASK_DEFAULT_PRIORITY
SILENCE_SECONDS = 10
RUNG_SECONDS = 5
# Nobody sees it, and what rings in it is one task: each costs more than a small handler.
SOON_SECONDS = 0.3
_silent_until = 0.0


_work: list[Callable[[], object]] = []


def works_before_relay(work: Callable[[], object]) -> Callable[[], object]:
    """Register what `outbox_relay` does first; nothing but what is due, and it raises nothing."""
    if work not in _work:
        _work.append(work)
    return work


def send_quietly(task: Task, *args: object, countdown: float | None = None) -> None:
    """Queue ``task`` if the broker is there. Only for work that the clock would do anyway.

    After a failure the broker is left alone for a while: a shopper waits for it once, not each time.
    """
    global _silent_until
    if not settings.CELERY_BROKER_URL or time.monotonic() < _silent_until:
        return
    try:
        task.apply_async(args=args, retry=False, countdown=countdown)
    except Exception as error:  # kombu raises its own, redis's and socket errors
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning(
            "broker unavailable, the clock will do %s: %s", task.name, type(error).__name__
        )


def send_once(task: Task) -> None:
    """As `send_quietly`, unless it waits in the queue already: one run does the work of all that rang,
    `SOON_SECONDS` after the first.

    The task says `begins` before it looks for work, so whatever is written later rings again. A mark that
    a lost message left behind ends by itself.
    """
    if cache.add(_mark(task), 1, RUNG_SECONDS):
        send_quietly(task, countdown=SOON_SECONDS)


def begins(task: Task) -> None:
    """The next `send_once` rings again."""
    cache.delete(_mark(task))


def _mark(task: Task) -> str:
    return f"rung.{task.name}"


def send_after_commit(task: Task) -> None:
    """As `send_quietly` after the commit; once, however often the transaction asks for it."""
    waiting = transaction.get_connection().run_on_commit
    if not any(getattr(hook[1], "args", None) == (task,) for hook in waiting):
        transaction.on_commit(partial(send_quietly, task))


@shared_task(priority=FIRST)
def outbox_relay() -> int:
    """Work off what providers told, deliver due events, send due mails; some, so that other tasks get
    their turn. What comes of the first is delivered here, so it rings for no other worker."""
    begins(outbox_relay)
    with outbox.relaying():
        for work in _work:
            work()
    delivered = outbox.relay()
    mail.send_due()
    return delivered


@shared_task
def sessions_forget() -> None:
    """Nightly: sessions that are over, and those of guests who never came back."""
    call_command("clearsessions")
