"""What `manage.py verify` checks about orders that the team took."""

from collections.abc import Iterator

from django.db.models import F, Q

from orders.drafts.models import Draft
from orders.models import Order, OrderDiscount
from shop.core.verify import invariant


@invariant("drafts: the order of a draft is that of its basket, and of its customer")
def drafts_fit_orders() -> Iterator[str]:
    placed = Draft.objects.filter(order__isnull=False)
    strange = placed.exclude(order__basket=F("basket")) | placed.exclude(
        Q(order__user=F("customer")) | Q(customer__isnull=True)
    )
    for draft in strange.select_related("order"):
        yield f"draft {draft.pk}: order {draft.order.number} is of another basket or customer"
    lost = Draft.objects.filter(order=None, basket__in=Order.objects.values("basket"))
    for draft in lost:
        yield f"draft {draft.pk}: its basket is an order, and it does not know"


@invariant("drafts: an agreed discount is only in the order for which it was agreed")
def discounts_are_agreed() -> Iterator[str]:
    used = OrderDiscount.objects.filter(
        voucher_id__in=Draft.objects.filter(voucher__isnull=False).values("voucher")
    )
    agreed = dict(Draft.objects.filter(voucher__isnull=False).values_list("voucher_id", "order_id"))
    for row in used.select_related("order"):
        if agreed[row.voucher_id] != row.order_id:
            yield f"order {row.order.number}: {row.amount} off, agreed for another order"
