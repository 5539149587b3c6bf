"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from orders import services


@shared_task
def orders_expire() -> int:
    return services.orders_expire()
