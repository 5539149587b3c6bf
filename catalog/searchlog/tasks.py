"""The log is written beside the requests, and its sums by the clock."""

import datetime as dt

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from catalog.searchlog import services

REVISIT_DAYS = 2  # clicks come after midnight for searches from before


@shared_task(ignore_result=True)
def search_save(facts: dict, moment: str) -> None:
    services.search_record(**facts, moment=dt.datetime.fromisoformat(moment))


@shared_task(ignore_result=True)
def click_save(facts: dict, moment: str) -> None:
    services.click_record(**facts, moment=dt.datetime.fromisoformat(moment))


@shared_task(ignore_result=True)
def cart_save(facts: dict, moment: str) -> None:
    services.cart_record(**facts, moment=dt.datetime.fromisoformat(moment))


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def search_sums(today: str | None = None) -> int:
    """Every few minutes: the sums of today and yesterday. Takes the day as text, to run by hand."""
    last = dt.date.fromisoformat(today) if today else timezone.localdate()
    days = [last - dt.timedelta(days=back) for back in range(REVISIT_DAYS)]
    return sum(services.term_day_rebuild(day=day) for day in days)


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def search_forget() -> int:
    """Nightly: raw rows that are too old to keep."""
    return services.searches_forget()
