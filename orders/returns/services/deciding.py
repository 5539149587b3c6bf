"""What customer service decides."""

from typing import Any

from django.db import transaction

from orders.returns.locks import return_lock
from orders.returns.models import Return
from orders.returns.services.exchanging import exchange_keep
from orders.returns.services.moving import move, refuse_unless
from orders.returns.states import ReturnState, Wish
from shop.core.locks import retry_on_conflict


@retry_on_conflict
@transaction.atomic
def return_approve(*, back: Return, user: Any, wish: str = "") -> bool:
    """It may come. False if it was approved already; ``ImpossibleStep`` unless asked for.

    For an exchange its goods are kept aside now. ``wish``: another one than was asked for. Raises
    ``ReturnRefused``, whose message is for the clerk, where the goods are not to be had.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.APPROVED:
        return False
    refuse_unless(back, ReturnState.APPROVED)
    back.wish = wish or back.wish
    if back.wish == Wish.EXCHANGE:
        exchange_keep(back, user=user)
    move(back, ReturnState.APPROVED, user=user)
    return True


@retry_on_conflict
def return_refuse(*, back: Return, because: str, user: Any) -> bool:
    """It may not come; the shopper reads ``because``. False if it was refused already."""
    _order, back = return_lock(back)
    if back.state == ReturnState.REFUSED:
        return False
    back.refused_because = because[:400]
    move(back, ReturnState.REFUSED, user=user, note=because)
    return True
