"""The worth of goods that came back, as a payment of the order that replaces them.

Nobody chooses it. A refund of the first order is given to the second (`payments.services.passing`);
its ``origin`` is the payment that the money came by, and what is sent back goes that way.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused, WebhookInvalid
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent


class Exchange:
    code = "exchange"
    icon = "return"
    label = _("Exchange")
    help = _("What you send back pays for it.")
    books_to = "exchanges"
    is_hosted = False
    is_amount_ours = True
    is_ready = False  # never offered
    ships_before_capture = False
    hold_minutes = 0
    currencies: frozenset[str] = frozenset()
    home_language = webhook_answer = ""

    def open(self, intent: PaymentIntent) -> Opened:
        return Opened(reference=f"{self.code}-{intent.key}")

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        """Our own row is the truth."""
        state = {"cancelling": "cancelled", "new": "open"}.get(intent.state, intent.state)
        return ProviderState(
            state=state,
            currency=intent.currency,
            amount_authorised=intent.amount_authorised,
            amount_captured=intent.amount_captured,
            amount_refunded=intent.amount_refunded,
        )

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        raise GatewayRefused("an exchange is paid by what came back, see payments.services.passing")

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        return ProviderState(state="cancelled", currency=intent.currency)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """The provider of the first payment sends it back: it has the money still."""
        from payments.gateways import gateway

        origin = intent.origin
        if origin is None:
            raise GatewayRefused(f"nobody knows whose money intent {intent.pk} is")
        return gateway(origin.gateway).refund(origin, amount=amount, key=key)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        raise WebhookInvalid(f"{self.code} sends no webhooks")
