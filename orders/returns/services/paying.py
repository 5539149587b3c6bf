"""How a return ends: with money for what was found, or without."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from orders.exceptions import ImpossibleStep
from orders.models import Order
from orders.refunds.models import RefundRequest
from orders.refunds.selectors import is_over_limit
from orders.refunds.services import return_refund_drop, return_refund_wait
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

OTHERWISE = "The return ended another way."  # of a request that nobody decided on
REASON = gettext_noop("Returned goods")  # kept in English, shown in the reader's language


@retry_on_conflict
def return_refund(*, back: Return, amount: Decimal, user: Any, as_credit: bool = False) -> Return:
    """Send ``amount`` (major units, taxes included) back to the payer and end the return.

    Above the limit of ``user`` it waits for a second person instead, and the return stays inspected:
    see `return_pay_approved`. ``as_credit``: a member gets store credit instead of what was paid from
    outside.

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
    target = AS_CREDIT if as_credit and order.user_id else ""
    if is_over_limit(order, amount, user):
        return_refund_wait(
            order=order, back=back, amount=amount, user=user, reason=REASON, target=target
        )
        return back
    return_refund_drop(back=back, user=user, why=OTHERWISE)
    return _pay(order, back, amount, target, user)


@retry_on_conflict
def return_pay_approved(*, asked: RefundRequest, user: Any) -> Return:
    """What waited for a second person, who is ``user``. Raises as `return_refund`."""
    assert asked.back is not None
    order, back = return_lock(asked.back)
    refuse_unless(back, ReturnState.REFUNDED)
    if asked.amount > proposal_of(back).total:
        raise RefundTooLarge(f"{asked.amount} for {back.number}, which is worth less")
    return _pay(order, back, asked.amount, asked.target, user)


def _pay(order: Order, back: Return, amount: Decimal, target: str, user: Any) -> Return:
    """Under both locks."""
    proposal = proposal_of(back)
    made = refunds_request(
        order_number=order.number,
        amount=amount,
        reason=REASON,
        key=f"return-{back.number}",
        user=user,
        target=target,
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
    return_refund_drop(back=back, user=user, why=OTHERWISE)
    move(back, ReturnState.CLOSED, user=user, note=note)
    exchange_end(back, user=user)
    return True
