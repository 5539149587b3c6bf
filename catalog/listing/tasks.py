"""Lists by the clock. All are safe to run twice and side by side."""

from celery import shared_task
from django.utils import timezone

from catalog.listing.services import families_out_of_date, listed_drift_mend, listed_sold_refresh
from catalog.refresh import families_refresh


@shared_task(acks_late=True)
def listing_sold() -> int:
    """Nightly: what sold in the last 28 days."""
    return listed_sold_refresh()


@shared_task(acks_late=True)
def listing_clock() -> int:
    """Every minute: families whose offer has ended since."""
    ids = families_out_of_date(now=timezone.now())
    families_refresh(ids)
    return len(ids)


@shared_task(acks_late=True)
def listing_mend() -> int:
    """After a change in the tree, and nightly: rows that have drifted."""
    return listed_drift_mend()
