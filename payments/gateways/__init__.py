"""The gateways that this shop offers."""

from payments.gateways.base import Gateway
from payments.gateways.offline import BankTransfer, CashOnDelivery
from payments.gateways.stripe import StripeGateway

_ALL: tuple[Gateway, ...] = (StripeGateway(), BankTransfer(), CashOnDelivery())


def gateway(code: str) -> Gateway:
    """The gateway with this code. Raises ``KeyError`` for one that does not exist."""
    return {one.code: one for one in _ALL}[code]


def gateways_offered() -> list[Gateway]:
    """In the order in which checkout shows them; Stripe only with a key."""
    from django.conf import settings

    return [one for one in _ALL if one.code != "stripe" or settings.STRIPE_SECRET_KEY]
