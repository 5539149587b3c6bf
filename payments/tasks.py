"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from payments import services


@shared_task
def intents_reconcile() -> int:
    return services.intents_reconcile()


@shared_task
def webhooks_process() -> int:
    return services.webhooks_process()


@shared_task
def refunds_resume() -> int:
    return services.refunds_resume()
