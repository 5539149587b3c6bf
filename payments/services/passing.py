"""Money of one order that pays for another: a refund of the first is a payment of the second.

Both are booked over the account of exchanges, which is empty again when both are done.
"""

from django.utils.translation import gettext_lazy as _

from payments.exceptions import ImpossibleStep
from payments.gateways.base import ProviderState
from payments.gateways.exchange import Exchange
from payments.ledger.accounts import EXCHANGES
from payments.locks import intent_lock
from payments.models import IntentState, PaymentIntent, Refund
from payments.services.intents import intent_move
from payments.services.refunds import refund_send
from shop.core.locks import retry_on_conflict

TARGET = Exchange.code


class ExchangeTarget:
    """Never offered by itself: `refund_pass` gives it."""

    code = TARGET
    account = EXCHANGES
    label = _("Exchange")

    def takes(self, *, order_number: str) -> bool:
        return False

    def give(self, *, refund: Refund) -> str:
        return f"{TARGET}-{refund.key}"


@retry_on_conflict
def refund_pass(*, refund: Refund, intent: PaymentIntent) -> PaymentIntent:
    """Settle ``refund``, asked for with the target of exchanges, and take all of it for ``intent``.

    ``intent`` is an exchange's, of another order; it asks for just this much from now on. Twice is
    once. Call under the locks of both orders. Raises ``ImpossibleStep`` for any other pair.
    """
    refund = refund_send(refund=refund)
    intent = intent_lock(intent.pk)
    if intent.state == IntentState.CAPTURED:
        return intent
    first = refund.intent.origin or refund.intent
    is_pair = refund.target == TARGET and intent.gateway == TARGET
    if not is_pair or refund.intent.currency != intent.currency:
        raise ImpossibleStep(f"refund {refund.pk} cannot pay intent {intent.pk}")
    intent.amount, intent.origin = refund.amount, first
    intent.reference = intent.reference or f"{TARGET}-{intent.key}"
    intent.save()
    taken = ProviderState(
        state="captured",
        currency=intent.currency,
        amount_authorised=refund.amount,
        amount_captured=refund.amount,
        reference=f"{TARGET}-{intent.key}",
    )
    return intent_move(intent_id=intent.pk, provider=taken, source="shop")
