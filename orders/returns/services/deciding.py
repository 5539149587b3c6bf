"""What customer service decides."""

from typing import Any

from orders.returns.locks import return_lock
from orders.returns.models import Return
from orders.returns.services.moving import move
from orders.returns.states import ReturnState
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def return_approve(*, back: Return, user: Any) -> bool:
    """It may come. False if it was approved already; ``ImpossibleStep`` unless asked for."""
    _order, back = return_lock(back)
    if back.state == ReturnState.APPROVED:
        return False
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
