"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from payments.wallets import services


@shared_task
def gift_cards_send_due() -> int:
    return services.cards_send_due()


@shared_task
def wallets_expire() -> int:
    return services.wallets_expire()
