"""Reading what is to be sent."""

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.fulfilment.models import OPEN, ConsignmentLine
from orders.life.selectors import is_held
from orders.models import Line, Order
from orders.selectors import pays_at_the_door
from orders.states import OrderState


def lines_unrouted() -> QuerySet[Line]:
    """Lines of which units are to be sent that no warehouse has. Adds ``routed``, in units."""
    has = ConsignmentLine.objects.filter(
        order_line=OuterRef("pk"), consignment__state__in=OPEN
    ).order_by()
    units = has.values("order_line").annotate(units=Sum(F("quantity") - F("left")))
    rows = Line.objects.filter(num_allocated__gt=0, stockrecord__isnull=False).annotate(
        routed=Coalesce(Subquery(units.values("units")), 0, output_field=IntegerField())
    )
    return rows.filter(num_allocated__gt=F("routed"))


def orders_unrouted() -> QuerySet[Order]:
    """Orders that are paid, or to be paid at the door, and of which no warehouse has all that is to be sent.

    Those of which something was added after they were routed are among them.
    """
    ready = Q(status=OrderState.PAID) | pays_at_the_door()
    waits = lines_unrouted().filter(order=OuterRef("pk"))
    rows = Order.objects.filter(ready, shipping_address__isnull=False)
    return rows.filter(Exists(waits)).exclude(is_held())


def units_to_route() -> Subquery:
    """Of an order: the units that no warehouse has yet."""
    lines = lines_unrouted().filter(order=OuterRef("pk")).order_by().values("order")
    units = lines.annotate(units=Sum(F("num_allocated") - F("routed")))
    return Subquery(units.values("units"), output_field=IntegerField())
