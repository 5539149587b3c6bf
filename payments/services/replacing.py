"""Asking for a payment anew, where somebody else was told what it was: its provider's page shows a sum."""

from decimal import Decimal

from payments.exceptions import ImpossibleStep
from payments.locks import intent_lock
from payments.models import IntentState, PaymentIntent
from payments.selectors import WAITS
from payments.services.intents import intent_cancel_request
from payments.services.opening import intent_create
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def intent_replace(*, intent: PaymentIntent, amount: Decimal | None = None) -> PaymentIntent:
    """Give ``intent`` up and ask for ``amount`` (major units; the same where left out) in its place.

    In the caller's transaction, under the lock of its order: so there is no moment in which nothing is
    asked for. One whose page the shopper may be looking at is only replaced by the same amount: its
    provider ends it first (`intent_cancel`), else both sums could be paid. Raises ``ImpossibleStep``
    for that, and once money has come.
    """
    intent = intent_lock(intent.pk)
    amount = intent.amount if amount is None else amount
    is_seen = intent.state != IntentState.NEW
    if intent.state not in WAITS or amount <= 0 or (is_seen and amount != intent.amount):
        raise ImpossibleStep(f"intent {intent.pk} is {intent.state} and cannot ask for {amount}")
    intent_cancel_request(intent=intent)
    return intent_create(
        order_number=intent.order_number,
        gateway_code=intent.gateway,
        amount=amount,
        currency=intent.currency,
        email=intent.email,
        language=intent.language,
        part=intent.part,
        is_taken_at_shipment=intent.is_taken_at_shipment,
    )
