"""Stored value as a way to pay: taken as the order is placed, never chosen by itself.

One gateway for each kind of wallet. Nobody is asked: `orders.services.tendering` takes the value and
books the payment in the transaction that writes the order; a refund puts it back into the wallet.
``refund_rank``: other money goes back first, then store credit, gift cards, points; the opposite of
the order in which they are used up (docs/wallets.md).
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused
from payments.gateways.base import ProviderState, Refunded
from payments.gateways.own import OwnRow
from payments.models import PaymentIntent
from payments.wallets.models import WalletUse
from payments.wallets.services.spending import wallet_give_back


class _Stored(OwnRow):
    icon = "tag"
    help = _("It is taken as you place your order.")
    is_stored = True  # checkout offers wallets by themselves
    hold_minutes = 0

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        """Only of what was taken from a wallet."""
        if not WalletUse.objects.filter(intent=intent).exists():
            raise GatewayRefused(f"no wallet stands behind intent {intent.pk}")
        return super().capture(intent, amount)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        wallet_give_back(intent=intent, key=key)
        return super().refund(intent, amount=amount, key=key)


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
