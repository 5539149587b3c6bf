"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from payments import services
from shop.core.tasks import FIRST


@shared_task(priority=FIRST)
def intents_reconcile() -> int:
    return services.intents_reconcile()


@shared_task(priority=FIRST)
def webhooks_process() -> int:
    return services.webhooks_process()


@shared_task(priority=FIRST)
def refunds_resume() -> int:
    return services.refunds_resume()
