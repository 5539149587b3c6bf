"""What people said about a few open orders: one on hold, two with messages, one with a better address."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from orders.checkout.countries import address_fields
from orders.life.editing import order_address_edit
from orders.life.holds import order_hold
from orders.life.messages import message_receive, message_send
from orders.life.models import HoldReason
from orders.models import Order
from orders.states import OrderState
from shop.core.models import OutboxDelivery

ORDERS = 4


def told_load(*, agent: Any) -> None:
    """The newest paid orders with a parcel; a shop with fewer shows less."""
    ready = Order.objects.filter(status=OrderState.PAID, shipping_address__isnull=False)
    orders = list(ready.select_related("facts", "shipping_address").order_by("-pk")[:ORDERS])
    for step, order in zip((_hold, _wait, _talk, _move), orders, strict=False):
        step(order, agent)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _hold(order: Order, agent: Any) -> None:
    is_chinese = order.facts.language.startswith("zh")
    words = "门牌号不完整，已致电客户。" if is_chinese else "No house number; I called."
    order_hold(order=order, reason=HoldReason.ADDRESS, words=words, user=agent)


def _wait(order: Order, agent: Any) -> None:
    is_chinese = order.facts.language.startswith("zh")
    text = "可以附一张手写卡片吗？" if is_chinese else "Could you add a card? It is a present."
    message_receive(order=order, text=text, key=UUID(int=11), user=order.user)


def _talk(order: Order, agent: Any) -> None:
    is_chinese = order.facts.language.startswith("zh")
    asked = "包裹可以周六送到吗？" if is_chinese else "Can it come on a Saturday?"
    answer = (
        "可以，快递员周六也派送。" if is_chinese else "It can: the courier drives on Saturdays."
    )
    message_receive(order=order, text=asked, key=UUID(int=12), user=order.user)
    message_send(order=order, text=answer, key=UUID(int=13), user=agent)


def _move(order: Order, agent: Any) -> None:
    place = order.shipping_address
    columns = {**address_fields(place), "line2": "2. OG" if place.country_id == "DE" else "2F"}
    order_address_edit(order=order, columns=columns, key=UUID(int=14), user=agent)
