"""What money does to an order."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from orders.exceptions import ImpossibleStep
from orders.locks import order_lock
from orders.models import Line, Order
from orders.services.lines import units_of
from orders.states import CancelReason, OrderState
from payments.models import IntentState, PaymentIntent, Refund
from payments.selectors import intents_of_order
from payments.services import refund_request
from promotions.gifts.services import gifts_take_again
from shop.core.events import OrderPaid
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from supply.exceptions import OutOfStock
from supply.services import stock_allocate


@retry_on_conflict
def order_mark_paid(*, order_number: str, intent_id: int) -> Order:
    """Money for the order has come. Safe to repeat.

    Money that comes after the hold has expired is honoured if the stock is still there and sent
    back if not; money for an order that somebody cancelled is sent back.
    """
    order = order_lock(number=order_number)
    intent = PaymentIntent.objects.get(pk=intent_id)
    is_kept = intent.amount_refunded < intent.amount_captured
    if order.status == OrderState.PENDING:
        _to_paid(order)
    elif order.status == OrderState.CANCELLED and is_kept:
        _honour_or_send_back(order, intent)
    return order


def _honour_or_send_back(order: Order, intent: PaymentIntent) -> None:
    if order.facts.cancel_reason != CancelReason.EXPIRED or not _take_stock_again(order):
        _send_back(intent)


@retry_on_conflict
def order_payment_ended(*, order_number: str, intent_id: int) -> None:
    """An intent ended without money: an order that still waits for it is cancelled."""
    from orders.services.cancelling import order_cancel

    order = order_lock(number=order_number)
    if order.status == OrderState.PENDING and not is_money_on_its_way(order):
        order_cancel(order=order, reason=CancelReason.EXPIRED)


def is_money_on_its_way(order: Order) -> bool:
    """Whether the order is paid and only has not heard of it yet. Ask under the order's lock."""
    return PaymentIntent.objects.filter(
        order_number=order.number,
        state=IntentState.CAPTURED,
        amount_captured__gt=F("amount_refunded"),
    ).exists()


@retry_on_conflict
def order_refund(*, order: Order, amount: Decimal, reason: str, key: str, user: Any) -> Refund:
    """Send ``amount`` (major units, taxes included) back to the payer; stock is not touched.

    Raises ``RefundTooLarge`` above what is left of the capture, ``ImpossibleStep`` if nothing was
    captured. The same ``key`` gives the same refund.
    """
    order = order_lock(order_id=order.pk)
    intent = intents_of_order(order.number).filter(state=IntentState.CAPTURED).first()
    if intent is None:
        raise ImpossibleStep("nothing was paid, so nothing can be refunded")
    return refund_request(intent=intent, amount=amount, reason=reason, key=key, user=user)


def order_settle_without_money(order: Order) -> None:
    """An order that costs nothing is paid as it is placed. Inside the placing transaction."""
    _to_paid(order)


def _to_paid(order: Order) -> None:
    order.set_status(OrderState.PAID)
    emit(OrderPaid(order_id=order.pk, order_number=order.number))


def _take_stock_again(order: Order) -> bool:
    """Whether the expired order could have its stock and its gift codes back; it is then paid."""
    lines = [line for line in order.lines.all() if _is_held(line)]
    codes = [pk for pk in order.discounts.values_list("voucher_id", flat=True) if pk]
    try:
        with transaction.atomic():
            if codes and not gifts_take_again(
                order_id=order.pk, voucher_ids=codes, user_id=order.user_id
            ):
                return False
            stock_allocate(wanted=units_of({line: line.quantity for line in lines}))
    except OutOfStock:
        return False
    for line in lines:
        line.num_allocated = line.quantity
        line.allocation_cancelled = False
        line.save(update_fields=["num_allocated", "allocation_cancelled"])
    order.facts.cancel_reason = ""
    order.facts.save(update_fields=["cancel_reason"])
    _to_paid(order)
    return True


def _is_held(line: Line) -> bool:
    """Whether an order holds units of it; downloads and services are not held."""
    if line.product is None:
        return True
    kind = line.product.get_product_class()
    return kind.requires_shipping or kind.track_stock


def _send_back(intent: PaymentIntent) -> None:
    left = intent.amount_captured - intent.amount_refunded
    if left > 0:
        refund_request(
            intent=intent,
            amount=left,
            reason=gettext_noop("Paid after the order had ended"),
            key=f"late-{intent.key}",
        )
