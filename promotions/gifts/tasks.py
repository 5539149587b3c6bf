"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from promotions.gifts import services


@shared_task
def gifts_send_due() -> int:
    return services.gifts_send_due()
