"""Two orders that grew before they were packed: one addition is paid, one waits for its payment."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from catalog.models import Kind, Product
from orders.additions.models import Addition
from orders.additions.pricing import addition_price
from orders.additions.services import addition_ask, addition_pay
from orders.fulfilment.models import Consignment
from orders.life.models import OrderHold
from orders.models import Order
from orders.services import order_mark_paid
from orders.states import OrderState
from payments.gateways.base import ProviderState
from payments.services import intent_move
from shop.core.models import OutboxDelivery


def added_load(*, agent: Any, now: dt.datetime) -> None:
    """The first of them is paid by card, as if it had been long ago; nobody is written to."""
    orders = (
        Order.objects.filter(
            status=OrderState.PAID, currency="EUR", shipping_address__isnull=False, shipments=None
        )
        .exclude(pk__in=Consignment.objects.filter(wave__isnull=False).values("order"))
        .exclude(pk__in=OrderHold.objects.filter(released_at=None).values("order"))
        .order_by("-date_placed")[:2]
    )
    for number, order in enumerate(orders):
        things = dict.fromkeys(_goods(order)[: 1 + number], 1)
        shown = addition_price(order=order, things=things).incl if things else Decimal(0)
        if not shown:
            continue
        key = uuid5(NAMESPACE_URL, f"added-{order.number}")
        addition_ask(order=order, things=things, shown=shown, key=key, user=agent)
        if number == 0:
            _paid(order)
    Addition.objects.update(asked_at=now)
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _paid(order: Order) -> None:
    intent = addition_pay(order=order, gateway_code="stripe")
    if intent is None:  # this shop takes no cards
        return
    taken = ProviderState(
        state="captured",
        currency=intent.currency,
        amount_authorised=intent.amount,
        amount_captured=intent.amount,
        reference=f"past_{intent.key}",
    )
    intent.reference = taken.reference
    intent.save(update_fields=["reference"])
    intent_move(intent_id=intent.pk, provider=taken, source="webhook")
    order_mark_paid(order_number=order.number, intent_id=intent.pk)


def _goods(order: Order) -> list[Product]:
    """What they have not yet, the smallest things first."""
    rows = Product.objects.filter(
        is_public=True,
        product_class__kind=Kind.GOODS,
        structure=Product.STANDALONE,
        stockrecords__num_in_stock__gte=20,
        stockrecords__price__isnull=False,
    ).exclude(line__order=order)
    return list(rows.order_by("stockrecords__price", "pk")[:2])
