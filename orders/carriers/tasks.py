"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from orders.carriers import services


@shared_task
def messages_process() -> int:
    return services.messages_process()


@shared_task
def parcels_ask() -> int:
    return services.parcels_ask()


@shared_task
def parcels_late() -> int:
    return services.parcels_late()
