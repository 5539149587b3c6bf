"""Reading what waits to be paid besides."""

from django.db.models import Exists, OuterRef, Prefetch

from orders.additions.models import Addition, AdditionLine, AdditionState
from orders.models import Order


def addition_waiting(order: Order) -> Addition | None:
    """What the customer was asked to pay besides and did not yet. Two queries, one if nothing waits."""
    rows = Addition.objects.filter(order=order, state=AdditionState.WAITING)
    lines = AdditionLine.objects.select_related("product__parent").order_by("pk")
    return rows.prefetch_related(Prefetch("lines", lines)).first()


def is_awaited() -> Exists:
    """Of orders to which something was added that is not paid yet."""
    return Exists(Addition.objects.filter(order=OuterRef("pk"), state=AdditionState.WAITING))
