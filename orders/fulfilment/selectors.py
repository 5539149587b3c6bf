"""Reading what is to be sent."""

from django.db.models import Exists, OuterRef, QuerySet

from orders.fulfilment.models import OPEN, Consignment
from orders.life.selectors import is_held
from orders.models import Line, Order
from orders.states import OrderState


def orders_unrouted() -> QuerySet[Order]:
    """Paid orders that are to be sent and that no warehouse has."""
    has = Consignment.objects.filter(order=OuterRef("pk"), state__in=OPEN)
    waits = Line.objects.filter(order=OuterRef("pk"), num_allocated__gt=0)
    rows = Order.objects.filter(status=OrderState.PAID, shipping_address__isnull=False)
    return rows.filter(Exists(waits)).exclude(Exists(has) | is_held())
