"""Prices that the clock changes; safe to run twice and side by side."""

import datetime as dt

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from catalog.pricing.selectors import offers_changing_between
from catalog.pricing.services import prices_compare_all

LOOKED, LOOKED_SECONDS = "pricing.looked", 600
COMPARED, COMPARED_SECONDS = "pricing.compared", 1800


@shared_task
def prices_compare() -> int:
    """After a change of an offer or a list: every price is held against the history."""
    return prices_compare_all()


@shared_task
def prices_watch() -> int:
    """Every minute: compare when an offer or list began or ended, else every half hour."""
    now = timezone.now()
    last = cache.get(LOOKED)
    is_fresh = isinstance(last, dt.datetime) and cache.get(COMPARED)
    if is_fresh and not offers_changing_between(last, now):
        cache.set(LOOKED, now, LOOKED_SECONDS)
        return 0
    refreshed = prices_compare_all()
    cache.set(LOOKED, now, LOOKED_SECONDS)
    cache.set(COMPARED, True, COMPARED_SECONDS)
    return refreshed
