"""The worth of goods that came back, as a payment of the order that replaces them.

Nobody chooses it. A refund of the first order is given to the second (`payments.services.passing`);
its ``origin`` is the payment that the money came by, and what is sent back goes that way.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused
from payments.gateways.base import ProviderState, Refunded
from payments.gateways.own import OwnRow
from payments.models import PaymentIntent


class Exchange(OwnRow):
    code = "exchange"
    icon = "return"
    label = _("Exchange")
    help = _("What you send back pays for it.")
    books_to = "exchanges"
    is_amount_ours = True
    is_ready = False  # never offered
    hold_minutes = 0

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        raise GatewayRefused("an exchange is paid by what came back, see payments.services.passing")

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """The provider of the first payment sends it back: it has the money still."""
        from payments.gateways import gateway

        origin = intent.origin
        if origin is None:
            raise GatewayRefused(f"nobody knows whose money intent {intent.pk} is")
        return gateway(origin.gateway).refund(origin, amount=amount, key=key)
