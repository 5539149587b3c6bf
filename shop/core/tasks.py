"""The kernel's tasks; all are safe to run twice and side by side."""

import logging

from celery import Task, shared_task
from django.conf import settings

from shop.core import mail, outbox

logger = logging.getLogger(__name__)


def send_quietly(task: Task, *args: object) -> None:
    """Queue ``task`` if the broker is there. Only for work that the clock would do anyway."""
    if not settings.CELERY_BROKER_URL:
        return
    try:
        task.apply_async(args=args, retry=False)
    except Exception as error:  # kombu raises its own, redis's and socket errors
        logger.warning(
            "broker unavailable, the clock will do %s: %s", task.name, type(error).__name__
        )


@shared_task
def outbox_relay() -> int:
    """Deliver due events, then send due mails."""
    delivered = outbox.relay()
    mail.send_due()
    return delivered
