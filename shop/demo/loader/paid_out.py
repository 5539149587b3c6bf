"""Money that goes back by a person's hand: accounts that were named, and what was sent."""

from typing import Any

from payments.bank.payouts import account_tell, payout_send
from payments.models import Refund, RefundState
from payments.services import is_by_hand

ACCOUNT = "DE02500105170137075030"  # an example of the banks' own; nobody's


def paid_back(refund: Refund, *, user: Any) -> None:
    """What was to be sent by hand was sent, to an account that its payer had named."""
    if refund.state == RefundState.PENDING and is_by_hand(refund):
        account_named(refund)
        payout_send(refund=refund, user=user)


def account_named(refund: Refund) -> None:
    holder = refund.intent.email.partition("@")[0].replace(".", " ").title()
    account_tell(order_number=refund.intent.order_number, holder=holder, account=ACCOUNT)
