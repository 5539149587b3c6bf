"""Nightly, and when the back office asks for it. Safe twice: the lists are swapped whole."""

from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError

from catalog.recommend.services import recommendations_rebuild

BUSY = "catalog.recommend.busy"
BUSY_SECONDS = 300


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def recommendations_recompute() -> int:
    """Recompute all lists; returns how many rows there are now."""
    try:
        return sum(recommendations_rebuild().rows.values())
    finally:
        cache.delete(BUSY)
