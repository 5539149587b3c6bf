"""Nightly, and when the back office asks for it. Safe twice: the lists are swapped whole."""

from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from catalog.recommend.evaluation import evaluation_make
from catalog.recommend.services import recommendations_rebuild

BUSY = "catalog.recommend.busy"
BUSY_SECONDS = 300


@shared_task(
    acks_late=True,
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=3,
    soft_time_limit=1500,  # seconds; a shop of thirty thousand families takes minutes
    time_limit=1560,
)
def recommendations_recompute(is_measured: bool = True) -> int:
    """Recompute all lists and measure them; returns how many rows there are now."""
    try:
        rows = sum(recommendations_rebuild().rows.values())
        if is_measured:
            evaluation_make(now=timezone.now())
        return rows
    finally:
        cache.delete(BUSY)
