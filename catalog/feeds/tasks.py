"""The feed for merchants is made by the clock, or when somebody asks for it."""

from celery import shared_task
from django.conf import settings

from catalog.feeds.selectors import is_due
from catalog.feeds.services import merchant_feed_make as make

BUSY, BUSY_SECONDS = "feeds.merchant.busy", 300
SLOW_SECONDS = 1800  # for very many products


@shared_task(time_limit=SLOW_SECONDS, soft_time_limit=SLOW_SECONDS - 60)
def merchant_feed_due() -> int:
    """Every minute: make the feed if the last one is old enough. How many items are in it."""
    if not is_due(minutes=settings.FEED_MINUTES):
        return 0
    run = make()
    return run.items if run else 0


@shared_task(time_limit=SLOW_SECONDS, soft_time_limit=SLOW_SECONDS - 60)
def merchant_feed_make() -> int:
    """Now. How many items are in it."""
    run = make()
    return run.items if run else 0
