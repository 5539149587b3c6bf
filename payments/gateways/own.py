"""What gateways share that have nobody to ask: the intent's own row is the truth."""

from collections.abc import Mapping
from decimal import Decimal

from payments.exceptions import WebhookInvalid
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent


class OwnRow:
    """Amounts are in major units of the intent's currency. Whoever knows more than this overrides it."""

    code: str
    is_hosted = False
    is_ready = True
    ships_before_capture = False
    currencies: frozenset[str] = frozenset()
    home_language = webhook_answer = ""
    opens_as = "open"

    def open(self, intent: PaymentIntent) -> Opened:
        return Opened(reference=self.reference(intent), state=self.opens_as)

    def reference(self, intent: PaymentIntent) -> str:
        return f"{self.code}-{intent.key}"

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        state = {"cancelling": "cancelled", "new": "open"}.get(intent.state, intent.state)
        return ProviderState(
            state=state,
            currency=intent.currency,
            amount_authorised=intent.amount_authorised,
            amount_captured=intent.amount_captured,
            amount_refunded=intent.amount_refunded,
        )

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        return ProviderState(
            state="captured",
            currency=intent.currency,
            amount_authorised=intent.amount,
            amount_captured=amount,
            reference=self.reference(intent),
        )

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        return ProviderState(state="cancelled", currency=intent.currency)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        return Refunded(reference=f"{self.code}-refund-{key}", is_done=True)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        raise WebhookInvalid(f"{self.code} sends no webhooks")
