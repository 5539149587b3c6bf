"""What money does to an order."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from orders.additions.services import addition_paid
from orders.exceptions import ImpossibleStep
from orders.locks import Locked, order_lock
from orders.models import Line, Order
from orders.papers.services import invoice_issue
from orders.services.lines import units_of
from orders.services.promising import promise_renew
from orders.states import CancelReason, OrderState
from payments.gateways import gateway
from payments.models import DOUBLE, REST, PaymentIntent, Refund, is_addition
from payments.selectors import WAITS, held_of, intents_read, standing, standing_of
from payments.services import intent_cancel_request, refund_request, refunds_request
from shop.core.events import OrderPaid
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from supply.exceptions import OutOfStock
from supply.services import stock_allocate


@retry_on_conflict
def order_mark_paid(*, order_number: str, intent_id: int, locked: Locked | None = None) -> Order:
    """Money for the order has come, or is promised where it is taken at shipment. Safe to repeat.

    The order is paid once its payments cover it together. Money that comes after the hold has expired
    is honoured if it covers the order and the stock is still there, and sent back if not; money for
    an order that somebody cancelled is sent back, and so is what came for a part that was paid before.
    ``locked``: both as they are now, where the caller has them under their locks.
    """
    order, intents = locked or _locked(order_number)
    intent = next((one for one in intents if one.pk == intent_id), None)
    if intent is None:
        raise PaymentIntent.DoesNotExist
    if is_addition(intent):
        if not addition_paid(order, intent):
            _send_back(intent, gettext_noop("Paid after it was no longer waited for"))
        return order
    covered = standing(intents).covered
    if order.status == OrderState.PENDING and covered >= order.total_incl_tax:
        _to_paid(order)
        _ask_no_more(intents)
    elif order.status == OrderState.CANCELLED:
        _honour_or_send_back(order, intent, covered)
        if order.status == OrderState.CANCELLED:
            return order  # what else came goes back whole with its own news
    _send_back_what_is_too_much(intents, intent, covered - order.total_incl_tax)
    if _is_before_its_parcel(order, intents, intent):
        invoice_issue(order_number=order.number)
    return order


def order_settle_covered(order: Order) -> None:
    """Under the order's lock: what came may cover it, now that it costs less.

    It is then paid, nothing more is asked for, and what came twice goes back as far as it is too much.
    """
    intents = intents_read(order.number)
    over = standing(intents).covered - order.total_incl_tax
    if order.status == OrderState.PENDING and over >= 0:
        _to_paid(order)
        _ask_no_more(intents)
        _send_back_what_is_too_much(intents, None, over)


def _is_before_its_parcel(
    order: Order, intents: Iterable[PaymentIntent], intent: PaymentIntent
) -> bool:
    """Whether money came that was to come as the goods leave: the courier's cash, or what a card promised."""
    if order.status == OrderState.PACKED and gateway(intent.gateway).ships_before_capture:
        return True
    is_here = order.status in (OrderState.PAID, OrderState.PACKED)
    return is_here and intent.amount_captured > 0 and any(map(_is_of_goods, intents))


def _is_of_goods(intent: PaymentIntent) -> bool:
    return intent.is_taken_at_shipment and intent.amount_authorised > 0


def _locked(order_number: str) -> Locked:
    """The order, and its payments as they stand; they may still move, but no sum of them is lost."""
    return Locked(order_lock(number=order_number), intents_read(order_number))


def _send_back_what_is_too_much(
    intents: Iterable[PaymentIntent], intent: PaymentIntent | None, over: Decimal
) -> None:
    """``over`` is more than the order costs: of what came for a part that was paid before, or was missing
    once, as much as is too much; or, where that is not enough, first ``intent``: as a whole, if the order is
    covered without it, and what an edit had left out where all that was promised was taken.
    """
    doubles = [one for one in intents if one.part.startswith((DOUBLE, REST))]
    others = [] if intent is None or intent in doubles else [intent]
    is_enough = sum(map(_kept, doubles)) >= over
    for one in [*doubles, *others] if is_enough else [*others, *doubles]:
        kept = _kept(one)
        in_part = one in doubles or (_is_of_goods(one) and not held_of(one))
        if kept and over > 0 and (in_part or over >= kept + held_of(one)):
            _send_back(one, gettext_noop("Paid twice"), at_most=over)
            over -= min(kept, over)


def _kept(intent: PaymentIntent) -> Decimal:
    return intent.amount_captured - intent.amount_refunded


def _ask_no_more(intents: Iterable[PaymentIntent]) -> None:
    """The order is covered: what asks for the same is given up, be it a page or a transfer.

    Else what an edit takes off would be taken off that alone, and things added would be asked for with it.
    """
    for one in sorted(intents, key=lambda one: one.pk):
        if one.state in WAITS and not is_addition(one):
            intent_cancel_request(intent=one)


def _honour_or_send_back(order: Order, intent: PaymentIntent, covered: Decimal) -> None:
    is_enough = covered >= order.total_incl_tax
    is_expired = order.facts.cancel_reason == CancelReason.EXPIRED
    if not (is_enough and is_expired and _take_stock_again(order)):
        _send_back(intent, gettext_noop("Paid after the order had ended"))


@retry_on_conflict
def order_payment_ended(*, order_number: str, intent_id: int) -> None:
    """An intent ended without money: an order that nothing can cover any more is cancelled.

    So is one that counted as paid by an authorisation which ended before its goods left.
    """
    from orders.services.cancelling import order_cancel

    order = order_lock(number=order_number)
    intent = PaymentIntent.objects.get(pk=intent_id)
    was_promised = intent.is_taken_at_shipment and intent.amount_authorised > 0
    has_left = order.shipments.filter(shipped_at__isnull=False).exists()
    waits = order.status == OrderState.PENDING or (
        was_promised and not has_left and order.status in (OrderState.PAID, OrderState.PACKED)
    )
    if waits and not is_money_on_its_way(order):
        order_cancel(order=order, reason=CancelReason.EXPIRED)


def is_money_on_its_way(order: Order, *, at: dt.datetime | None = None) -> bool:
    """Whether what came, is promised or asked for may cover the order. Ask under the order's lock.

    What had to come before ``at`` and did not counts no more.
    """
    intents = PaymentIntent.objects.filter(order_number=order.number)
    if at is not None:
        intents = intents.exclude(state__in=WAITS, expires_at__lt=at)
    return standing(intents).possible >= order.total_incl_tax


@retry_on_conflict
def order_refund(*, order: Order, amount: Decimal, reason: str, key: str, user: Any) -> Refund:
    """Send ``amount`` (major units, taxes included) back to the payer; stock is not touched.

    Raises ``RefundTooLarge`` above what is left of the capture, ``ImpossibleStep`` if nothing was
    captured or the rest has not come. The same ``key`` gives the same refund. Where one payment has not enough left, the
    next gives the rest in a refund of its own (`refunds_request`); this is the first of them.
    """
    order = order_lock(order_id=order.pk)
    if order.status == OrderState.PENDING or not standing_of(order.number).captured:
        raise ImpossibleStep("it was not paid; what came of it goes back when it is cancelled")
    return refunds_request(
        order_number=order.number, amount=amount, reason=reason, key=key, user=user
    )[0]


def order_settle_without_money(order: Order) -> None:
    """An order that costs nothing is paid as it is placed. Inside the placing transaction."""
    _to_paid(order)


def _to_paid(order: Order) -> None:
    promise_renew(order)
    order.set_status(OrderState.PAID)
    emit(OrderPaid(order_id=order.pk, order_number=order.number))


def _take_stock_again(order: Order) -> bool:
    """Whether the expired order could have its stock back; it is then paid."""
    lines = [line for line in order.lines.all() if _is_held(line)]
    try:
        with transaction.atomic():
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


def _send_back(intent: PaymentIntent, reason: str, *, at_most: Decimal | None = None) -> None:
    """Again, where a part of it went back before and more of it is too much now."""
    before = f"-{intent.amount_refunded}" if intent.amount_refunded else ""
    left = _kept(intent)
    left = left if at_most is None else min(left, at_most)
    if left > 0:
        refund_request(
            intent=intent,
            amount=left,
            reason=reason,
            key=f"late-{intent.key}{before}",
        )
