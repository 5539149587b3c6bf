"""Money that comes outside the browser; an operator says when it is there."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from payments.exceptions import WebhookInvalid
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent


class _Offline:
    """There is nobody to ask: the intent's own row is the truth."""

    code: str
    is_hosted = False
    is_amount_ours = True  # nobody else was told how much it is
    is_ready = True
    currencies: frozenset[str] = frozenset()
    home_language = webhook_answer = ""
    opens_as = "open"

    def open(self, intent: PaymentIntent) -> Opened:
        return Opened(reference=f"{self.code}-{intent.key}", state=self.opens_as)

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        state = "cancelled" if intent.state == "cancelling" else intent.state
        return ProviderState(
            state="open" if state == "new" else state,
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
            reference=f"{self.code}-{intent.key}",
        )

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        return ProviderState(state="cancelled", currency=intent.currency)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        return Refunded(reference=f"{self.code}-refund-{key}", is_done=True)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        raise WebhookInvalid(f"{self.code} sends no webhooks")


class BankTransfer(_Offline):
    code = "transfer"
    icon = "bank"
    books_to = "bank"
    label = _("Bank transfer")
    help = _("We send you our account and keep your things aside for seven days.")
    ships_before_capture = False

    @property
    def hold_minutes(self) -> int:
        return settings.TRANSFER_HOLD_DAYS * 24 * 60


class CashOnDelivery(_Offline):
    code = "cod"
    icon = "coins"
    label = _("Cash on delivery")
    help = _("Pay the courier at your door, in cash or by card.")
    ships_before_capture = True
    hold_minutes = 0
    opens_as = "authorised"
