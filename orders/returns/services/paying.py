"""How a return ends: with money for what was found, or without."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from orders.exceptions import ImpossibleStep
from orders.returns.amounts import proposal_of
from orders.returns.locks import return_lock
from orders.returns.models import Return
from orders.returns.services.exchanging import exchange_end
from orders.returns.services.moving import move, refuse_unless
from orders.returns.states import ReturnState
from payments.exceptions import RefundTooLarge
from payments.services import refunds_request
from payments.wallets.kinds import AS_CREDIT
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO

REASON = gettext_noop("Returned goods")  # kept in English, shown in the reader's language


@retry_on_conflict
def return_refund(*, back: Return, amount: Decimal, user: Any, as_credit: bool = False) -> Return:
    """Send ``amount`` (major units, taxes included) back to the payer and end the return.

    ``as_credit``: a member gets store credit instead of what was paid from outside.

    A second call gives the same return and sends nothing. Raises ``ImpossibleStep`` unless
    inspected, ``RefundTooLarge`` above what `proposal_of` says or below the smallest coin.
    """
    order, back = return_lock(back)
    if back.state == ReturnState.REFUNDED:
        return back
    refuse_unless(back, ReturnState.REFUNDED)
    proposal = proposal_of(back)
    if not amount.is_finite() or not 0 < amount <= proposal.total:
        raise RefundTooLarge(f"{amount} of {proposal.total} to refund for {back.number}")
    made = refunds_request(
        order_number=order.number,
        amount=amount,
        reason=REASON,
        key=f"return-{back.number}",
        user=user,
        target=AS_CREDIT if as_credit and order.user_id else "",
    )
    for part in proposal.parts:
        part.line.amount = part.amount
        part.line.save(update_fields=["amount"])
    back.delivery = proposal.delivery
    back.refund = made[0]  # others, where several payments give it, have their keys from its
    back.amount = sum((one.amount for one in made), ZERO)
    move(back, ReturnState.REFUNDED, user=user)
    exchange_end(back, user=user)
    return back


@retry_on_conflict
def return_close(*, back: Return, user: Any, note: str) -> bool:
    """End it without money; the shopper reads ``note``. False if it was closed already."""
    if not note.strip():
        raise ImpossibleStep("a return that ends without money says why")
    _order, back = return_lock(back)
    if back.state == ReturnState.CLOSED:
        return False
    move(back, ReturnState.CLOSED, user=user, note=note)
    exchange_end(back, user=user)
    return True
