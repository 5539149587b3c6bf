"""By the clock; safe to run twice and side by side."""

from celery import shared_task

from crm.alerts import services
from crm.alerts.selectors import products_waited_for


@shared_task
def alerts_next() -> int:
    """Hourly: tidy up, then tell the next of those who wait for what is still there."""
    services.alerts_tidy()
    return services.alerts_send(product_ids=products_waited_for())
