"""Nightly: the vocabulary follows what was renamed and sold off."""

from celery import shared_task
from django.db import OperationalError

from catalog.search import services


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def search_words_recount() -> int:
    """Returns how many words there are."""
    return services.words_recount()
