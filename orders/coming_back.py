"""The shopper comes back from the payment page: what the provider says is booked, and the order told.

Both in one transaction, where that goes well: to begin and to end another, and to read all anew, took
longer than what the order does. What the order fails at is left to the outbox; the money is booked.
"""

import logging
from typing import NamedTuple

from django.db import transaction

from orders.handlers import on_payment_authorised, on_payment_captured, on_payment_failed
from orders.locks import order_lock_with_payments
from orders.models import Order
from payments.gateways.base import ProviderState
from payments.models import PaymentIntent
from payments.services import intent_apply, intent_ask, intent_is_over, intent_move
from shop.core import outbox
from shop.core.events import PaymentFailed

logger = logging.getLogger(__name__)

SOURCE = "return"


class Settled(NamedTuple):
    """``order`` with its facts, and all its ``intents``, newest first, as they were left; None: ask."""

    intent: PaymentIntent
    order: Order | None = None
    intents: list[PaymentIntent] | None = None


def payment_settle(intent: PaymentIntent) -> Settled:
    """As its provider says now. The order has heard of it; mails and papers are the worker's.

    Raises ``GatewayUnavailable`` or ``GatewayRefused``.
    """
    said = None if intent_is_over(intent) else intent_ask(intent=intent)
    if said is None:
        return Settled(intent)
    try:
        with outbox.hearing() as events:
            settled = _settle_and_tell(intent, said)
    except Exception as error:  # whatever it is that the order cannot do, money that came is booked
        logger.warning("intent %s: told apart: %s: %s", intent.pk, type(error).__name__, error)
        return _settle_then_tell(intent, said)
    if any(event.name == PaymentFailed.name for event in events):
        outbox.relay_to(on_payment_failed, events=events)
        return Settled(settled.intent)
    return settled


def _settle_then_tell(intent: PaymentIntent, said: ProviderState) -> Settled:
    with outbox.hearing() as events:
        intent = intent_move(intent_id=intent.pk, provider=said, source=SOURCE)
    outbox.relay_to(on_payment_captured, on_payment_authorised, on_payment_failed, events=events)
    return Settled(intent)


@transaction.atomic
def _settle_and_tell(intent: PaymentIntent, said: ProviderState) -> Settled:
    locked = order_lock_with_payments(intent.order_number)
    mine = next(one for one in locked.intents if one.pk == intent.pk)
    with outbox.together():
        with outbox.telling(on_payment_captured, on_payment_authorised) as news:
            intent_apply(intent=mine, provider=said, source=SOURCE)
        for one in news:
            one.handler(**one.facts, locked=locked)
    return Settled(mine, locked.order, locked.intents)
