"""Stored value as a way to pay: taken as the order is placed, never chosen by itself.

One gateway for each kind of wallet. Nobody is asked: `orders.services.tendering` takes the value and
books the payment in the transaction that writes the order; a refund puts it back into the wallet.
``refund_rank``: other money goes back first, then store credit, gift cards, points; the opposite of
the order in which they are used up (docs/wallets.md).
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused, WebhookInvalid
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent
from payments.wallets.models import WalletUse
from payments.wallets.services.spending import wallet_give_back


class _Stored:
    code: str
    icon = "tag"
    help = _("It is taken as you place your order.")
    is_stored = True  # checkout offers wallets by themselves
    is_hosted = False
    is_ready = True
    ships_before_capture = False
    hold_minutes = 0
    currencies: frozenset[str] = frozenset()
    home_language = webhook_answer = ""

    def open(self, intent: PaymentIntent) -> Opened:
        return Opened(reference=f"{self.code}-{intent.key}")

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        """Our own row is the truth."""
        return ProviderState(
            state=intent.state,
            currency=intent.currency,
            amount_authorised=intent.amount_authorised,
            amount_captured=intent.amount_captured,
            amount_refunded=intent.amount_refunded,
        )

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        """Only of what was taken from a wallet."""
        if not WalletUse.objects.filter(intent=intent).exists():
            raise GatewayRefused(f"no wallet stands behind intent {intent.pk}")
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
        wallet_give_back(intent=intent, key=key)
        return Refunded(reference=f"{self.code}-refund-{key}", is_done=True)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        raise WebhookInvalid(f"{self.code} sends no webhooks")


class StoreCredit(_Stored):
    code = "store-credit"
    label = _("Store credit")
    refund_rank = 1
    books_to = "store_credit"


class GiftCards(_Stored):
    code = "gift-card"
    label = _("Gift card")
    refund_rank = 2
    books_to = "gift_cards"


class Points(_Stored):
    code = "points"
    label = _("Points")
    refund_rank = 3
    books_to = "points"
