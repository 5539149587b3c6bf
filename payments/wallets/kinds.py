"""Which gateway books what a kind of wallet pays, and whether a refund ended in a wallet."""

from payments.gateways import codes_by_hand
from payments.models import Refund
from payments.wallets.models import WalletKind

GATEWAY = {
    WalletKind.GIFT_CARD: "gift-card",
    WalletKind.CREDIT: "store-credit",
    WalletKind.POINTS: "points",
}
STORED = tuple(GATEWAY.values())
AS_CREDIT = "store-credit"  # the target of refunds that their buyer keeps here (`payments.targets`)


def refund_way(refund: Refund) -> str:
    """``credit``: it became store credit; ``wallet``: back where it came from; ``account``: sent by us to
    the account that its payer named; empty: by the provider."""
    if refund.target == AS_CREDIT:
        return "credit"
    first = refund.intent.origin or refund.intent
    if refund.target:
        return ""
    if first.gateway in codes_by_hand():
        return "account"
    return "wallet" if first.gateway in STORED else ""
