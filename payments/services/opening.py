"""The beginning of a payment intent: written with its order, then made known to its gateway."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from payments.gateways import gateway
from payments.gateways.base import Opened, ProviderState
from payments.locks import intent_lock
from payments.models import WHOLE, IntentState, PaymentIntent
from payments.services.intents import intent_move
from shop.core.inserting import row_insert, row_update
from shop.core.locks import is_conflict, retry_on_conflict
from shop.core.planned import planned_rows


def intent_create(**facts: Any) -> PaymentIntent:
    """Write an `intent_new` in the transaction that writes the order. The gateway is called afterwards."""
    return row_insert(intent_new(**facts))


def intent_new(
    *,
    order_number: str,
    gateway_code: str,
    amount: Decimal,
    currency: str,
    email: str,
    language: str,
    part: str = WHOLE,
    is_taken_at_shipment: bool = False,
    expires_at: dt.datetime | None = None,
) -> PaymentIntent:
    """An intent for who writes it with other rows.

    ``part``: of the order's sum, see `payments.models.WHOLE`; one that has a live intent has no place
    for another (``intent_one_live_per_part``). ``expires_at``: left out, as its gateway says.
    """
    hold = gateway(gateway_code).hold_minutes
    until = expires_at or (timezone.now() + dt.timedelta(minutes=hold) if hold else None)
    return PaymentIntent(
        order_number=order_number,
        part=part,
        is_taken_at_shipment=is_taken_at_shipment,
        gateway=gateway_code,
        amount=amount,
        currency=currency,
        email=email,
        language=language,
        expires_at=until,
    )


def intent_open(*, intent: PaymentIntent) -> PaymentIntent:
    """Make the intent known to its gateway, so that the shopper can pay. Safe to repeat.

    Raises ``GatewayUnavailable`` or ``GatewayRefused``; the intent is then as before.
    """
    if intent.state != IntentState.NEW:
        return intent
    opened = gateway(intent.gateway).open(intent)
    intent = _opened(intent, opened)
    if opened.state == IntentState.AUTHORISED:
        promised = ProviderState(
            state="authorised",
            currency=intent.currency,
            amount_authorised=intent.amount,
            reference=opened.reference,
        )
        return intent_move(intent_id=intent.pk, provider=promised, source="return")
    return intent


def _opened(intent: PaymentIntent, opened: Opened) -> PaymentIntent:
    """Keep the gateway's answer: by one statement if it is still new, and nearly all are."""
    now = timezone.now()
    said = [opened.reference, opened.pay_url, opened.pay_code, IntentState.OPEN, now, now]
    try:
        is_kept = planned_rows(OPENED_SQL, [*said, intent.pk, IntentState.NEW.value])
    except OperationalError as error:
        if not is_conflict(error):
            raise
        is_kept = []
    if not is_kept:
        return _opened_late(intent.pk, opened)
    intent.reference, intent.state = opened.reference, IntentState.OPEN
    intent.pay_url, intent.pay_code = opened.pay_url, opened.pay_code
    intent.checked_at = intent.updated_at = now
    return intent


OPENED_SQL = """
UPDATE payments_paymentintent
SET reference = %s, pay_url = %s, pay_code = %s, state = %s, checked_at = %s, updated_at = %s
WHERE id = %s AND state = %s AND reference = '' RETURNING id
"""


@retry_on_conflict
def _opened_late(intent_id: int, opened: Opened) -> PaymentIntent:
    """It may have been given up meanwhile. The gateway's reference is kept all the same, so that money
    that comes by it can be found."""
    intent = intent_lock(intent_id)
    if not intent.reference:
        intent.reference = opened.reference
    if intent.state == IntentState.NEW:
        intent.pay_url = opened.pay_url
        intent.pay_code = opened.pay_code
        intent.state = IntentState.OPEN
        intent.checked_at = timezone.now()
    row_update(intent)
    return intent
