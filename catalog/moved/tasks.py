"""The log of dead addresses is written beside the requests."""

import datetime as dt

from celery import shared_task
from django.db import OperationalError

from catalog.moved import services


@shared_task(ignore_result=True)
def dead_path_save(facts: dict, moment: str) -> None:
    services.dead_path_record(**facts, moment=dt.datetime.fromisoformat(moment))


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def dead_paths_forget() -> int:
    """Nightly: addresses that nobody asks for any more."""
    return services.dead_paths_forget()
