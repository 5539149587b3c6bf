"""What `manage.py verify` checks about downloads and work."""

from collections.abc import Iterator

from django.db.models import F

from orders.handover.models import DownloadGrant, ServiceJob
from orders.models import Order
from orders.states import OrderState
from shop.core.verify import invariant


@invariant("downloads: nobody fetched a file more often than they may")
def grants_within_allowance() -> Iterator[str]:
    for grant in DownloadGrant.objects.filter(used__gt=F("allowed")):
        yield f"download {grant.pk}: {grant.used} of {grant.allowed}"


@invariant("services: a delivered order without goods has no work left")
def delivered_orders_have_no_work() -> Iterator[str]:
    jobs = ServiceJob.objects.filter(
        done_at__isnull=True,
        cancelled_at__isnull=True,
        order_line__order__status=OrderState.DELIVERED,
        order_line__order__shipping_address__isnull=True,
    )
    for job in jobs.select_related("order_line__order"):
        yield f"{job.order_line.order.number} is delivered, {job} is not done"


@invariant("orders: what was packed or shipped had goods in it")
def parcels_have_goods() -> Iterator[str]:
    sent = (OrderState.PACKED, OrderState.SHIPPED)
    for order in Order.objects.filter(status__in=sent, shipping_address__isnull=True):
        yield f"{order.number} is {order.status} and has no address"
