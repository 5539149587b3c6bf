"""Thin: each calls its service, and is safe twice and side by side."""

from celery import shared_task

from orders import services
from orders.additions.services import additions_expire
from orders.fraud.services import networks_forget as networks_forgotten
from orders.keeping import forgetting
from shop.core.tasks import FIRST


@shared_task(priority=FIRST)
def orders_expire() -> int:
    """And what was added to them."""
    return services.orders_expire() + additions_expire()


@shared_task
def shipped_take() -> int:
    return services.shipped_take()


@shared_task
def kept_forget() -> int:
    """Nightly: shelves and links that nobody can come back to."""
    return forgetting.shelves_forget() + forgetting.shares_forget()


@shared_task
def networks_forget() -> int:
    """Nightly: from where old orders were placed."""
    return networks_forgotten()
