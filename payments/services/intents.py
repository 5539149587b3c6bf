"""The life of a payment intent, once its gateway knows of it."""

import logging
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from payments.exceptions import ImpossibleStep
from payments.gateways import gateway
from payments.gateways.base import ProviderState
from payments.locks import intent_lock
from payments.models import (
    CAPTURE_OPEN,
    DECLINED,
    DOUBLE,
    LIVE,
    NEXT,
    CaptureState,
    EntryKind,
    IntentState,
    PaymentEntry,
    PaymentIntent,
    WebhookEvent,
)
from payments.services.booking import entry_write
from payments.services.moving import capture_move
from shop.core.events import PaymentAuthorised, PaymentCaptured, PaymentFailed
from shop.core.inserting import row_update
from shop.core.locks import retry_on_conflict
from shop.core.money import exponent
from shop.core.outbox import emit
from shop.core.planned import planned_rows

logger = logging.getLogger(__name__)

ATTEMPTS = ("return", "webhook")  # the payer did something; the reconciler only asks again
ENDS = (IntentState.CAPTURED, IntentState.CANCELLED, IntentState.FAILED)


@retry_on_conflict
def intent_move(
    *, intent_id: int, provider: ProviderState, source: str, user: Any = None
) -> PaymentIntent:
    """Apply what the provider says. One function for return, webhook, reconciler and operator.

    What says nothing new, or what cannot follow, changes nothing. Money in another currency or
    another amount than asked is not taken for payment; it is noted in ``problem`` for finance.
    ``user``: who of the team said so, where it was one.
    """
    intent = intent_lock(intent_id)
    intent_apply(intent=intent, provider=provider, source=source, user=user)
    return intent


def intent_apply(
    *, intent: PaymentIntent, provider: ProviderState, source: str, user: Any = None
) -> None:
    """The same to an ``intent`` that the caller has under its lock, as it is now."""
    intent.checked_at = timezone.now()
    if provider.refusal and source in ATTEMPTS:
        _refusal_note(intent, provider.refusal)
    provider = _rest_gone(intent, provider)
    is_new = provider.state != intent.state and provider.state in NEXT[intent.state]
    if is_new and not _is_being_taken(intent, provider):
        intent.problem = _mismatch(intent, provider)
        if not intent.problem:
            was = intent.state
            if _enter(intent, provider, source, user):
                return
            _note_early_end(intent, was, source)
    if not planned_rows(MOVED_SQL, _moved(intent)):
        raise PaymentIntent.DoesNotExist


def _refusal_note(intent: PaymentIntent, refusal: str) -> None:
    """Beside what providers send by themselves of refused cards; the same once."""
    told = WebhookEvent(
        provider=intent.gateway,
        event_id=refusal[:200],
        kind=DECLINED,
        reference=str(intent.key),
        processed_at=timezone.now(),
        outcome="told when asked",
    )
    WebhookEvent.objects.bulk_create([told], ignore_conflicts=True)


def _moved(intent: PaymentIntent) -> list[Any]:
    """What a move may change, to be written by few calls: each order has one."""
    intent.updated_at = timezone.now()
    sums = [intent.amount_authorised, intent.amount_captured]
    rest = [intent.problem, intent.checked_at, intent.updated_at, intent.pk]
    return [str(intent.state), intent.part, intent.is_taken_in_parts, *sums, *rest]


MOVED_SQL = """
UPDATE payments_paymentintent
SET state = %s, part = %s, is_taken_in_parts = %s, amount_authorised = %s, amount_captured = %s,
    problem = %s, checked_at = %s, updated_at = %s
WHERE id = %s RETURNING id
"""


def _rest_gone(intent: PaymentIntent, provider: ProviderState) -> ProviderState:
    """An authorisation of which a part was taken does not end without money."""
    if provider.state in (IntentState.CANCELLED, IntentState.FAILED) and intent.amount_captured:
        return replace(provider, state="captured", amount_captured=intent.amount_captured)
    return provider


def _is_being_taken(intent: PaymentIntent, provider: ProviderState) -> bool:
    """Whether we are taking a part of it right now: `payments.services.captures` tells how that went.

    Its answer may come after this news, and what it took is booked once.
    """
    if intent.state != IntentState.AUTHORISED or provider.state not in ENDS:
        return False
    oldest = intent.captures.filter(state__in=CAPTURE_OPEN).order_by("pk").first()
    return oldest is not None and oldest.state == CaptureState.PENDING


def _note_early_end(intent: PaymentIntent, was: str, source: str) -> None:
    """It ended by itself while the shop still counted on the rest: finance has to look."""
    rest = intent.amount_authorised - intent.amount_captured
    is_early = was == IntentState.AUTHORISED and intent.state == IntentState.CAPTURED
    if is_early and intent.is_taken_in_parts and rest and source != "shop":
        sums = f"{intent.amount_captured} of {intent.amount_authorised} {intent.currency}"
        intent.problem = f"the authorisation ended, {sums} was taken"


def intent_refresh(*, intent: PaymentIntent, source: str) -> PaymentIntent:
    """Ask the provider how it stands and apply the answer. Raises as the gateway does.

    One of which it knows nothing yet is as it is.
    """
    provider = intent_ask(intent=intent)
    if provider is None:
        return intent
    return intent_move(intent_id=intent.pk, provider=provider, source=source)


def intent_ask(*, intent: PaymentIntent) -> ProviderState | None:
    """What the provider says; None: it knows nothing of it yet. Raises as the gateway does."""
    if intent.state == IntentState.NEW:
        return None
    return gateway(intent.gateway).fetch(intent)


def intent_is_over(intent: PaymentIntent) -> bool:
    """Whether no step can follow: who only wants to know whether it was paid need not ask."""
    return not NEXT[intent.state]


def intent_capture(
    *,
    intent: PaymentIntent,
    source: str = "operator",
    amount: Decimal | None = None,
    user: Any = None,
) -> PaymentIntent:
    """Take what was authorised (or ``amount`` of it, the rest is released), or book that a transfer or the courier's cash has come.

    A transfer may come after its order was given up; it is booked all the same and the order
    decides what becomes of it. Raises ``ImpossibleStep`` if the money was booked before.
    """
    if IntentState.CAPTURED not in NEXT[intent.state]:
        raise ImpossibleStep(f"intent {intent.pk} is {intent.state}, nothing can be captured")
    provider = gateway(intent.gateway).capture(intent, amount or intent.amount)
    return intent_move(intent_id=intent.pk, provider=provider, source=source, user=user)


@retry_on_conflict
def intent_cancel_request(*, intent: PaymentIntent) -> None:
    """Decide, inside the caller's transaction, that the money is no longer wanted.

    `intents_reconcile` tells the provider; if the shopper was faster the money arrives as a late
    capture and the order decides what becomes of it.
    """
    intent = intent_lock(intent.pk)
    if "cancelling" not in NEXT[intent.state]:
        return
    if intent.state == IntentState.NEW:
        _enter(intent, ProviderState(state="cancelled", currency=intent.currency), "operator")
    else:
        intent.state = IntentState.CANCELLING
        intent.checked_at = None
    row_update(intent)


def intent_cancel(*, intent: PaymentIntent, source: str) -> PaymentIntent:
    """Tell the provider that the money is no longer wanted and apply what it answers."""
    provider = gateway(intent.gateway).cancel(intent)
    return intent_move(intent_id=intent.pk, provider=provider, source=source)


def _mismatch(intent: PaymentIntent, provider: ProviderState) -> str:
    """What is wrong with the provider's money, or nothing."""
    if provider.state not in (IntentState.AUTHORISED, IntentState.CAPTURED):
        return ""
    got = (
        provider.amount_captured
        if provider.state == IntentState.CAPTURED
        else provider.amount_authorised
    )
    is_taken = intent.is_taken_at_shipment and provider.state == IntentState.CAPTURED
    least = intent.amount_captured or exponent(intent.currency)
    is_right = least <= got <= intent.amount if is_taken else got == intent.amount
    if provider.currency != intent.currency or not is_right:
        return f"asked {intent.amount} {intent.currency}, provider has {got} {provider.currency}"
    return ""


def _enter(intent: PaymentIntent, provider: ProviderState, source: str, user: Any = None) -> bool:
    """Change the state and write the ledger; the caller holds the lock and saves, unless this is true."""
    was_live = intent.state in LIVE
    intent.state = provider.state
    if not was_live and _part_is_taken(intent):
        intent.part = f"{DOUBLE}{intent.pk}"
    if provider.state == IntentState.AUTHORISED:
        intent.amount_authorised = provider.amount_authorised
        intent.is_taken_in_parts = intent.is_taken_at_shipment and provider.can_capture_in_parts
        _write(
            intent,
            EntryKind.AUTHORISED,
            provider.amount_authorised,
            source,
            provider.reference,
            user,
        )
        if intent.is_taken_at_shipment or gateway(intent.gateway).ships_before_capture:
            emit(
                PaymentAuthorised(
                    order_number=intent.order_number,
                    intent_id=intent.pk,
                    card=provider.card,
                    card_country=provider.card_country,
                )
            )
    elif provider.state == IntentState.CAPTURED:
        was_held = intent.amount_authorised > 0
        more = provider.amount_captured - intent.amount_captured
        if more and not was_held:  # the money of nearly every order: nothing else follows
            intent.state = IntentState.CAPTURED
            money_enter(intent, more, provider, source=source, user=user, is_all=True)
            return True
        if more:
            money_enter(intent, more, provider, source=source, user=user)
        if was_held:  # captures are asked for of nothing else
            captures_end(intent)
        rest_release(intent, source=source)
    elif provider.state in (IntentState.CANCELLED, IntentState.FAILED):
        captures_end(intent)
        emit(PaymentFailed(order_number=intent.order_number, intent_id=intent.pk))
        _write(intent, EntryKind(provider.state), Decimal(0), source, provider.reference, user)
    return False


def money_enter(
    intent: PaymentIntent,
    amount: Decimal,
    provider: ProviderState,
    *,
    source: str,
    user: Any = None,
    is_all: bool = False,
) -> None:
    """``amount`` more has come; the caller holds the lock and saves, unless it ``is_all`` that changes."""
    intent.amount_captured += amount
    intent.amount_authorised = max(intent.amount_authorised, intent.amount_captured)
    emit(
        PaymentCaptured(
            order_number=intent.order_number,
            intent_id=intent.pk,
            amount=str(amount),
            currency=intent.currency,
            card=provider.card,
            card_country=provider.card_country,
        )
    )
    entry = PaymentEntry(
        intent=intent,
        kind=EntryKind.CAPTURED,
        amount=amount,
        source=source,
        reference=provider.reference,
        by=user,
    )
    entry_write(entry, also=(MOVED_SQL, _moved(intent)) if is_all else None)


def rest_release(intent: PaymentIntent, *, source: str) -> None:
    """Nothing more is taken of it; the caller holds the lock and saves."""
    if not intent.amount_captured:
        intent.state = IntentState.CANCELLED
        emit(PaymentFailed(order_number=intent.order_number, intent_id=intent.pk))
        _write(intent, EntryKind.CANCELLED, Decimal(0), source, "")
        return
    intent.state = IntentState.CAPTURED
    rest = intent.amount_authorised - intent.amount_captured
    if rest and intent.is_taken_at_shipment:
        _write(intent, EntryKind.RELEASED, rest, source, "")


def captures_end(intent: PaymentIntent) -> int:
    """Nothing is held any more: those that are open will not come. Under the intent's lock; how many."""
    ended = list(intent.captures.filter(state__in=CAPTURE_OPEN).order_by("pk"))
    for capture in ended:
        if capture.state != CaptureState.REFUSED:
            capture_move(capture, CaptureState.REFUSED)
        capture.last_error = "the authorisation ended"
        capture.save(update_fields=["state", "last_error", "settled_at"])
    return len(ended)


def _write(
    intent: PaymentIntent,
    kind: EntryKind,
    amount: Decimal,
    source: str,
    reference: str,
    user: Any = None,
) -> None:
    entry = PaymentEntry(
        intent=intent, kind=kind, amount=amount, source=source, reference=reference, by=user
    )
    entry_write(entry)


def _part_is_taken(intent: PaymentIntent) -> bool:
    """Whether somebody was asked for the same part again since this was given up."""
    same = PaymentIntent.objects.filter(order_number=intent.order_number, part=intent.part)
    return same.filter(state__in=LIVE).exclude(pk=intent.pk).exists()
