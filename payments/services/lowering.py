"""Asking for less, or for more, than was asked for first."""

from decimal import Decimal

from payments.exceptions import ImpossibleStep
from payments.gateways import gateway
from payments.locks import intent_lock
from payments.models import EntryKind, IntentState, PaymentEntry, PaymentIntent
from shop.core.locks import retry_on_conflict

LOWERABLE = (IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED)


def is_lowerable(intent: PaymentIntent) -> bool:
    """Whether nobody else was told how much it is, and nothing of it came."""
    is_ours = getattr(gateway(intent.gateway), "is_amount_ours", False)
    return is_ours and intent.state in LOWERABLE


@retry_on_conflict
def intent_lower(*, intent: PaymentIntent, amount: Decimal) -> PaymentIntent:
    """Ask for ``amount`` (major units, taxes included) from now on.

    Raises ``ImpossibleStep`` where somebody else was told the old amount, once money has come, and for
    nothing or more than before.
    """
    intent = intent_lock(intent.pk)
    if not is_lowerable(intent) or not 0 < amount <= intent.amount:
        raise ImpossibleStep(f"intent {intent.pk} cannot be lowered to {amount}")
    return _asked(intent, amount)


@retry_on_conflict
def intent_raise(*, intent: PaymentIntent, amount: Decimal) -> PaymentIntent:
    """Ask for ``amount`` (major units, taxes included) from now on; raises as `intent_lower` does."""
    intent = intent_lock(intent.pk)
    if not is_lowerable(intent) or amount < intent.amount:
        raise ImpossibleStep(f"intent {intent.pk} cannot be raised to {amount}")
    return _asked(intent, amount)


def _asked(intent: PaymentIntent, amount: Decimal) -> PaymentIntent:
    intent.amount = amount
    if intent.state == IntentState.AUTHORISED:
        intent.amount_authorised = amount
        count = intent.entries.filter(kind=EntryKind.AUTHORISED).count()
        PaymentEntry.objects.create(
            intent=intent,
            kind=EntryKind.AUTHORISED,
            amount=amount,
            source="operator",
            reference=f"asked:{count}:{amount}",
        )
    intent.save()
    return intent
