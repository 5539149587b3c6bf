"""Everything about the customer that stands beside an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from orders.models import Order
from orders.returns.models import Return
from orders.states import OrderState
from orders.sums.selectors import TOTAL_OWN
from shop.core.money import ZERO

SHOWN = 5  # other orders


@dataclass(frozen=True)
class Person:
    """``orders`` and ``spent`` (in the shop's own currency, tax included) leave cancelled orders out."""

    orders: int
    spent: Decimal
    since: Any
    returns: int
    cancelled: int
    others: Sequence[Order]

    @property
    def average(self) -> Decimal:
        return self.spent / self.orders if self.orders else ZERO


def person_of(order: Order) -> Person:
    """Of the account, or of the guest with this e-mail. Three queries at most."""
    rows = _orders_of(order)
    sold = ~Q(status=OrderState.CANCELLED)
    came_back = Exists(Return.objects.filter(order=OuterRef("pk")))
    sums = rows.aggregate(
        orders=Count("pk", filter=sold),
        cancelled=Count("pk", filter=~sold),
        spent=Sum(TOTAL_OWN, filter=sold),
        since=Min("date_placed"),
        last=Max("date_placed"),
        returns=Count("pk", filter=came_back),
    )
    others = rows.exclude(pk=order.pk).order_by("-date_placed", "-pk")[:SHOWN]
    return Person(
        orders=sums["orders"],
        spent=sums["spent"] or ZERO,
        since=sums["since"],
        returns=sums["returns"],
        cancelled=sums["cancelled"],
        others=list(others) if sums["orders"] + sums["cancelled"] > 1 else [],
    )


def _orders_of(order: Order) -> QuerySet[Order]:
    if order.user_id:
        return Order.objects.filter(user=order.user_id)
    if not order.guest_email:
        return Order.objects.filter(pk=order.pk)
    return Order.objects.filter(guest_email__iexact=order.guest_email)
