"""Drawing in the background; safe to run twice and side by side."""

from celery import shared_task

from catalog.pictures.selectors import pictures_undrawn, pictures_unknown
from catalog.pictures.services import picture_draw, pictures_notice

AT_ONCE = 40  # pictures of one round; the next begins where it stopped
ROUND_SECONDS = 300


@shared_task(acks_late=True, autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def picture_widths(name: str) -> bool:
    """Draw a picture that came in; nothing if it is gone again."""
    return picture_draw(name=name)


@shared_task(acks_late=True)
def pictures_mend() -> int:
    """By the clock: what the queue lost, what was written past the forms, what follows old rules. How many are asked for.

    One by one, so that mails get between; what is not begun in time is asked for again.
    """
    pictures_notice(pictures_unknown(limit=AT_ONCE))
    undrawn = pictures_undrawn(limit=AT_ONCE)
    for name in undrawn:
        picture_widths.apply_async((name,), expires=ROUND_SECONDS)
    return len(undrawn)
