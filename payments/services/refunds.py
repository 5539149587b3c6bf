"""Sending money back."""

import datetime as dt
import logging
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from payments.exceptions import (
    GatewayRefused,
    GatewayUnavailable,
    ImpossibleStep,
    RefundTooLarge,
)
from payments.gateways import codes_by_hand, gateway, is_stored
from payments.gateways.exchange import Exchange
from payments.locks import intent_lock
from payments.models import EntryKind, PaymentEntry, PaymentIntent, Refund, RefundState
from payments.services.booking import (
    refund_asked_book,
    refund_done_book,
    refund_refused_book,
    refund_unsent_book,
)
from payments.services.moving import refund_move
from payments.targets import target_of
from payments.wallets.kinds import STORED
from shop.core.events import PaymentRefunded, RefundAccountAsked
from shop.core.locks import retry_on_conflict
from shop.core.money import rounded
from shop.core.outbox import emit

logger = logging.getLogger(__name__)


@retry_on_conflict
def refund_request(
    *,
    intent: PaymentIntent,
    amount: Decimal,
    reason: str,
    key: str,
    user: Any = None,
    target: str = "",
) -> Refund:
    """Decide to send ``amount`` back to the payer, or to a ``target``, and record it.

    ``amount`` is in major units of ``intent.currency`` (12.50, not 1250), taxes included.
    The row is committed before the gateway is called, so a crash leaves a pending refund that
    ``refunds_resume`` finishes; the same ``key`` gives the same refund. Raises ``RefundTooLarge``
    if earlier refunds plus this one exceed what was captured.
    """
    intent = intent_lock(intent.pk)
    existing = Refund.objects.filter(key=key).first()
    if existing:
        return existing
    amount = rounded(amount, intent.currency)
    if amount <= 0 or intent.amount_refunded + amount > intent.amount_captured:
        left = intent.amount_captured - intent.amount_refunded
        raise RefundTooLarge(f"{amount} of {left} {intent.currency} left to refund")
    intent.amount_refunded += amount
    intent.save()
    refund = Refund.objects.create(
        intent=intent,
        key=key,
        amount=amount,
        reason=reason,
        requested_by=user,
        target=target,
    )
    refund_asked_book(refund)
    if is_by_hand(refund):
        emit(
            RefundAccountAsked(
                order_number=intent.order_number,
                refund_id=refund.pk,
                amount=str(amount),
                currency=intent.currency,
            )
        )
    return refund


@retry_on_conflict
def refunds_request(
    *,
    order_number: str,
    amount: Decimal,
    reason: str,
    key: str,
    user: Any = None,
    target: str = "",
) -> list[Refund]:
    """`refund_request` over all payments of an order: each gives what it has left, in turn.

    First those whose gateway says so by a lower ``refund_rank``, then the newest. Call under the
    order's lock. Their keys are ``key``, ``key+1``, …; the same ``key`` gives the same refunds. Raises
    ``RefundTooLarge`` if all of them have less than ``amount``; nothing is then written. What a wallet
    paid goes back to that wallet, or pays for an exchange; any other ``target`` holds for other money.
    """
    intents = [
        intent_lock(pk)
        for pk in PaymentIntent.objects.filter(order_number=order_number, amount_captured__gt=0)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    known = list(refunds_of_key(key))
    if known:
        return known
    left = rounded(amount, intents[0].currency) if intents else amount
    kept = sum((one.amount_captured - one.amount_refunded for one in intents), Decimal(0))
    if not 0 < left <= kept:
        raise RefundTooLarge(f"{left} of {kept} left to refund for {order_number}")
    made: list[Refund] = []
    for intent in sorted(intents, key=_refund_order):
        part = min(left, intent.amount_captured - intent.amount_refunded)
        if part > 0:
            own_key = f"{key}+{len(made)}" if made else key
            made.append(
                refund_request(
                    intent=intent,
                    amount=part,
                    reason=reason,
                    key=own_key,
                    user=user,
                    target=target if target == Exchange.code or not _is_stored(intent) else "",
                )
            )
            left -= part
    return made


def refunds_of_key(key: str) -> QuerySet[Refund]:
    """What `refunds_request` wrote under this key, the first one first."""
    return Refund.objects.filter(Q(key=key) | Q(key__startswith=f"{key}+")).order_by("pk")


def _refund_order(intent: PaymentIntent) -> tuple[int, int]:
    return getattr(gateway(_first(intent).gateway), "refund_rank", 0), -intent.pk


def _is_stored(intent: PaymentIntent) -> bool:
    return is_stored(_first(intent).gateway)


def _first(intent: PaymentIntent) -> PaymentIntent:
    """That which the money came by: of an exchange the payment of the order before."""
    return intent.origin or intent


def by_hand() -> Q:
    """Refunds that no provider sends: of transfers and of cash, also what had paid for an exchange."""
    codes = codes_by_hand()
    first = Q(intent__origin__isnull=True, intent__gateway__in=codes)
    return Q(target="") & (first | Q(intent__origin__gateway__in=codes))


def is_by_hand(refund: Refund) -> bool:
    """See `by_hand`."""
    return not refund.target and _first(refund.intent).gateway in codes_by_hand()


@retry_on_conflict
def refund_sent(*, refund: Refund, user: Any = None) -> Refund:
    """Somebody has sent one of `by_hand`: only now books, papers and the payer's mail follow.

    Safe to repeat. Raises ``ImpossibleStep`` for any other refund.
    """
    if not is_by_hand(refund):
        raise ImpossibleStep(f"refund {refund.pk} is sent by its provider")
    again = f"-{refund.reopened + 1}" if refund.reopened else ""
    reference = f"{_first(refund.intent).gateway}-refund-{refund.key}{again}"
    return _settle(refund, reference, user)


@retry_on_conflict
def refund_unsent(*, refund: Refund, user: Any = None) -> Refund:
    """One of `by_hand` was said to be sent by mistake: it is owed again, and the books say so.

    Its credit note and the mail stay: what they say will be true. Twice is once. Raises
    ``ImpossibleStep`` for any other refund.
    """
    intent = intent_lock(refund.intent_id)
    refund = Refund.objects.select_related("intent__origin").get(pk=refund.pk)
    if not is_by_hand(refund):
        raise ImpossibleStep(f"refund {refund.pk} was sent by its provider")
    if refund.state != RefundState.DONE:
        return refund
    PaymentEntry.objects.create(
        intent=intent,
        kind=EntryKind.UNSENT,
        amount=refund.amount,
        source="operator",
        reference=refund.reference,
        by=user,
    )
    refund_unsent_book(refund, user=user)
    refund_move(refund, RefundState.PENDING)
    refund.reference = ""
    refund.reopened += 1
    refund.save()
    return refund


def refund_send(*, refund: Refund) -> Refund:
    """Ask the gateway for one pending refund and record the answer. Safe to repeat.

    One of `by_hand` stays as it is: nobody can be asked, see `refund_sent`.
    """
    if refund.state != RefundState.PENDING or is_by_hand(refund):
        return refund
    if refund.target:
        return _give(refund)
    intent = refund.intent
    try:
        answer = gateway(intent.gateway).refund(intent, amount=refund.amount, key=refund.key)
    except GatewayUnavailable as error:
        return _postpone(refund, str(error))
    except GatewayRefused as error:
        return _refuse(refund, str(error))
    if not answer.is_done:
        return _postpone(refund, "accepted, not yet confirmed")
    return _settle(refund, answer.reference)


def stored_refunds_send(*, order_number: str) -> int:
    """Give back what gift cards, credit and points paid for an order that ended. Returns how many."""
    due = Refund.objects.filter(
        intent__order_number=order_number, intent__gateway__in=STORED, state=RefundState.PENDING
    )
    refunds = list(due.select_related("intent").order_by("pk"))
    for refund in refunds:
        refund_send(refund=refund)
    return len(refunds)


def refunds_resume(*, limit: int = 100) -> int:
    """Send what is due. Returns how many refunds were tried."""
    due = (
        Refund.objects.filter(state=RefundState.PENDING, due_at__lte=timezone.now())
        .exclude(by_hand())
        .select_related("intent")
        .order_by("due_at", "pk")[:limit]
    )
    for refund in due:
        try:
            refund_send(refund=refund)
        except Exception as error:  # whatever it is, the others are sent
            _postpone(refund, f"{type(error).__name__}: {error}")
    return len(due)


@retry_on_conflict
def _give(refund: Refund) -> Refund:
    """Nobody outside is asked: what is given and what is booked are one transaction."""
    intent_lock(refund.intent_id)
    refund = Refund.objects.select_related("intent").get(pk=refund.pk)
    if refund.state != RefundState.PENDING:
        return refund
    return _settle(refund, target_of(refund.target).give(refund=refund))


@retry_on_conflict
def _settle(refund: Refund, reference: str, user: Any = None) -> Refund:
    intent = intent_lock(refund.intent_id)
    refund = Refund.objects.get(pk=refund.pk)
    if refund.state != RefundState.PENDING:
        return refund
    refund_move(refund, RefundState.DONE)
    refund.reference = reference
    refund.last_error = ""
    refund.save()
    PaymentEntry.objects.create(
        intent=intent,
        kind=EntryKind.REFUNDED,
        amount=refund.amount,
        source="operator" if user or refund.requested_by_id else "shop",
        reference=reference,
        by=user or refund.requested_by,
    )
    refund.intent = intent
    refund_done_book(refund)
    emit(
        PaymentRefunded(
            order_number=intent.order_number,
            intent_id=intent.pk,
            refund_id=refund.pk,
            amount=str(refund.amount),
            currency=intent.currency,
        )
    )
    return refund


@retry_on_conflict
def _refuse(refund: Refund, error: str) -> Refund:
    """The provider will not pay it back: free the amount, so that finance can try another way."""
    intent = intent_lock(refund.intent_id)
    refund = Refund.objects.get(pk=refund.pk)
    if refund.state != RefundState.PENDING:
        return refund
    refund_move(refund, RefundState.REFUSED)
    refund.last_error = error[:300]
    refund.save()
    intent.amount_refunded -= refund.amount
    intent.problem = f"refund of {refund.amount} refused: {error}"[:300]
    intent.save()
    refund.intent = intent
    refund_refused_book(refund)
    return refund


def _postpone(refund: Refund, error: str) -> Refund:
    refund.attempts += 1
    refund.last_error = error[:300]
    refund.due_at = timezone.now() + dt.timedelta(seconds=min(5 * 2**refund.attempts, 3600))
    refund.save(update_fields=["attempts", "last_error", "due_at"])
    logger.warning("refund %s postponed: %s", refund.pk, error)
    return refund
