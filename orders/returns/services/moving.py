"""One step of a return: its state, its line in the story, its news."""

from typing import Any

from django.utils import timezone

from orders.exceptions import ImpossibleStep
from orders.returns.models import Return, ReturnMoment
from orders.returns.states import ENDED, NEXT, ReturnState
from shop.core.events import ReturnMoved
from shop.core.outbox import emit


def refuse_unless(back: Return, state: ReturnState) -> None:
    """Raises ``ImpossibleStep`` where ``state`` may not follow. Ask under the lock."""
    if state not in NEXT[back.state]:
        raise ImpossibleStep(f"return {back.number} is {back.state} and cannot be {state}")


def move(
    back: Return, state: ReturnState, *, user: Any, by_shop: bool = True, note: str = ""
) -> None:
    """Take the step and save the return. Its order is locked, and it was asked for fresh."""
    refuse_unless(back, state)
    back.state = state
    if state in ENDED:
        back.closed_at = timezone.now()
    back.save()
    moment_add(back, user=user, by_shop=by_shop, note=note)


def moment_add(back: Return, *, user: Any, by_shop: bool, note: str = "") -> None:
    ReturnMoment.objects.create(
        back=back, state=back.state, by=user, by_shop=by_shop, note=note[:400]
    )
    emit(ReturnMoved(return_id=back.pk, order_number=back.order.number, state=str(back.state)))
