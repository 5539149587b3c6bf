"""Ending an order before it leaves."""

import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.additions.services import addition_end, addition_withdraw
from orders.exceptions import EditRefused, ImpossibleStep
from orders.fulfilment.consigning import consignments_void
from orders.fulfilment.models import Outcome
from orders.fulfilment.noting import troubles_end
from orders.life.editing import order_lines_edit
from orders.life.events import state_take
from orders.life.holds import hold_end
from orders.life.models import Source
from orders.life.selectors import has_left
from orders.life.settling import units_waiting
from orders.locks import order_lock
from orders.models import Order
from orders.selectors import order_is_enjoyed
from orders.services.lines import units_of
from orders.services.paying import is_money_on_its_way
from orders.states import HOLDING, NEXT, CancelReason, OrderState
from payments.models import IntentState, PaymentIntent
from payments.services import intent_cancel_request, refund_request
from payments.wallets.locks import cards_lock
from payments.wallets.services import cards_void
from shop.core.events import OrderCancelled
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from supply.services import stock_release

logger = logging.getLogger(__name__)


@retry_on_conflict
def order_cancel(
    *, order: Order, reason: CancelReason, user: Any = None, source: str = Source.SHOP
) -> bool:
    """Release the stock and send the money back. False if it is cancelled already.

    Raises ``ImpossibleStep`` once the goods have left, and, when the customer asks, once a file was
    fetched or a gift card of the order used.
    """
    order = order_lock(order_id=order.pk)
    if order.status == OrderState.CANCELLED:
        return False
    if OrderState.CANCELLED not in NEXT[order.status]:
        raise ImpossibleStep(f"order {order.number} is {order.status} and cannot be cancelled")
    if order.shipments.filter(shipped_at__isnull=False).exists():
        raise ImpossibleStep(f"a part of order {order.number} has left")
    _refuse_what_was_used(order, reason)
    for intent in PaymentIntent.objects.filter(order_number=order.number).order_by("pk"):
        _give_money_back(intent, reason, user)
    lines = list(order.lines.all())
    cards_lock(order_line_ids=[line.pk for line in lines])
    _refuse_what_was_used(order, reason)  # again: only now nobody can pay with its gift cards
    cards_void(order_line_ids=[line.pk for line in lines])
    units = Counter(units_of({line: line.num_allocated for line in lines}))
    stock_release(units=dict(units + Counter(addition_end(order))))
    consignments_void(order)
    troubles_end(order, Outcome.CANCELLED, user=user)
    for line in lines:
        line.num_allocated = 0
        line.allocation_cancelled = True
        line.save(update_fields=["num_allocated", "allocation_cancelled"])
    hold_end(order, user=user)
    state_take(order, OrderState.CANCELLED, user=user, source=source)
    order.facts.cancel_reason = reason
    order.facts.save(update_fields=["cancel_reason"])
    emit(OrderCancelled(order_id=order.pk, order_number=order.number, reason=reason))
    return True


@retry_on_conflict
def order_rest_cancel(*, order: Order, user: Any = None, source: str = Source.SHOP) -> bool:
    """End what has not left of an order of which a part has: units that are in no box are taken out.

    Their stock is free, their share goes back or is not taken, and the order counts as shipped or
    delivered by what left. False if nothing waits any more. Raises ``ImpossibleStep`` while nothing
    has left (`order_cancel` ends it whole) and ``EditRefused``, with words for the clerk, where what is
    left of it is in a box.
    """
    order = order_lock(order_id=order.pk)
    if not has_left(order):
        raise ImpossibleStep(f"nothing of order {order.number} has left")
    waiting = units_waiting(order)
    if not waiting and order.status in HOLDING:
        raise EditRefused(_("Some of it is in a parcel already. Take it out of the box first."))
    if not waiting:
        return False
    addition_withdraw(order=order, user=user)
    return order_lines_edit(
        order=order,
        quantities={line.pk: line.quantity - units for line, units in waiting.items()},
        key=uuid4(),
        user=user,
        source=source,
        is_rest=True,
    )


def orders_expire(*, limit: int = 200) -> int:
    """Release what was not paid in time. Returns how many orders ended."""
    overdue = PaymentIntent.objects.filter(
        state__in=(IntentState.NEW, IntentState.OPEN), expires_at__lt=timezone.now()
    ).order_by("expires_at")
    waiting = Order.objects.filter(status=OrderState.PENDING).values("number")
    ended = 0
    for number in _numbers(overdue.filter(order_number__in=waiting)[:limit]):
        order = Order.objects.filter(number=number, status=OrderState.PENDING).first()
        try:
            ended += order is not None and _expire(order)
        except Exception:  # whatever it is, the orders behind it end in time
            logger.exception("order %s could not expire", number)
    for intent in overdue.exclude(order_number__in=waiting)[:limit]:
        intent_cancel_request(intent=intent)  # asked for apart; the order lives without it
    return ended


def _numbers(intents: Iterable[PaymentIntent]) -> list[str]:
    """Of their orders, each once, in their order."""
    return list(dict.fromkeys(intent.order_number for intent in intents))


@retry_on_conflict
def _expire(order: Order) -> bool:
    """Look again under the lock: the money may have come a moment ago."""
    order = order_lock(order_id=order.pk)
    if order.status != OrderState.PENDING or is_money_on_its_way(order, at=timezone.now()):
        return False
    return order_cancel(order=order, reason=CancelReason.EXPIRED, source=Source.CLOCK)


def _refuse_what_was_used(order: Order, reason: CancelReason) -> None:
    if reason == CancelReason.CUSTOMER and order_is_enjoyed(order):
        raise ImpossibleStep(f"something of order {order.number} was used already")


def _give_money_back(intent: PaymentIntent, reason: CancelReason, user: Any) -> None:
    left = intent.amount_captured - intent.amount_refunded
    with translation.override("en"):  # kept in English, shown in the reader's language
        words = str(reason.label)
    if left > 0:
        refund_request(
            intent=intent,
            amount=left,
            reason=words,
            key=f"cancel-{intent.key}",
            user=user,
        )
    intent_cancel_request(intent=intent)  # what is held and not taken is released
