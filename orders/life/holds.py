"""Telling an order to wait, and to go on."""

from typing import Any

from django.utils import timezone

from orders.additions.selectors import addition_waiting
from orders.exceptions import ImpossibleStep, OnHold
from orders.life.models import HoldReason, OrderHold
from orders.life.selectors import hold_of
from orders.locks import order_lock
from orders.models import Order
from orders.states import HOLDING
from orders.whole import read_again
from shop.core.events import OrderReleased
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit


@retry_on_conflict
def order_hold(*, order: Order, reason: HoldReason, words: str = "", user: Any = None) -> bool:
    """Keep the order from being packed and shipped. False if it waits already.

    ``user`` None: a rule of the shop. Raises ``ImpossibleStep`` once the goods have left.
    """
    order = order_lock(order_id=order.pk)
    if hold_of(order):
        return False
    if order.status not in HOLDING:
        raise ImpossibleStep(f"order {order.number} is {order.status}, nothing is to be held")
    OrderHold.objects.create(order=order, reason=reason, words=words, held_by=user)
    read_again()
    return True


@retry_on_conflict
def order_release(*, order: Order, words: str, user: Any = None) -> bool:
    """Let it go on; ``words`` say what was found out. False if nothing holds it."""
    order = order_lock(order_id=order.pk)
    if not hold_end(order, words=words, user=user):
        return False
    emit(OrderReleased(order_id=order.pk, order_number=order.number))
    return True


def hold_end(order: Order, *, words: str = "", user: Any = None) -> bool:
    """Under the order's lock: close what is open. False if nothing is."""
    open_rows = OrderHold.objects.filter(order=order, released_at__isnull=True)
    ended = open_rows.update(released_at=timezone.now(), released_by=user, release_words=words)
    read_again()
    return bool(ended)


def refuse_held(order: Order) -> None:
    """Under the order's lock: raises ``OnHold`` while it waits."""
    if hold := hold_of(order):
        raise OnHold(f"order {order.number} is on hold: {hold.reason}")
    if addition_waiting(order) is not None:
        raise OnHold(f"order {order.number} is on hold: something added is not paid yet")
