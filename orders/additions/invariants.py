"""What `manage.py verify` checks about what was added to orders."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from orders.additions.models import Addition, AdditionLine, AdditionState
from orders.life.selectors import EDITABLE
from shop.core.verify import invariant


@invariant("additions: only what waits holds stock, for an order that is not packed")
def waiting_holds() -> Iterator[str]:
    lines = AdditionLine.objects.select_related("addition__order")
    is_waiting = Q(addition__state=AdditionState.WAITING)
    for line in lines.filter(is_waiting ^ Q(held=F("quantity"))):
        yield f"{line.addition.order.number}: {line.held} of {line.quantity} {line.title} held"
    waiting = Addition.objects.filter(state=AdditionState.WAITING).select_related("order")
    for one in waiting.exclude(order__status__in=EDITABLE):
        yield f"{one.order.number} is {one.order.status}, and an addition to it waits"


@invariant("additions: what it costs more is its lines, or its delivery, and was paid")
def amounts_add_up() -> Iterator[str]:
    lines = Coalesce(Sum("lines__price_incl_tax"), Decimal(0))
    goods = Addition.objects.filter(delivery__isnull=True).annotate(goods=lines)
    for one in goods.exclude(goods=F("amount")).select_related("order"):
        yield f"{one.order.number}: addition of {one.amount}, its lines cost {one.goods}"
    paid = Addition.objects.filter(paid_by__isnull=False).exclude(
        paid_by__order_number=F("order__number"), paid_by__amount_captured__gte=F("amount")
    )
    for one in paid.select_related("order"):
        yield f"{one.order.number}: addition {one.number} counts as paid and is not"
