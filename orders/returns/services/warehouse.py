"""What the warehouse does: receive the parcel, look at each thing, put the good ones back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from orders.exceptions import ImpossibleStep
from orders.returns.locks import return_lock
from orders.returns.models import Return, ReturnLine
from orders.returns.services.moving import move, refuse_unless
from orders.returns.states import FAULTS, ReturnState, Wish
from shop.core.locks import retry_on_conflict
from supply.models import Warehouse
from supply.selectors import stock_records_tracked
from supply.services import goods_back


@dataclass(frozen=True)
class Found:
    """Units of one line by what became of them; together they are all that was announced.

    ``is_worse``: than the policy wants it, which takes something off a change of mind.
    """

    restock: int = 0
    refurbish: int = 0
    scrap: int = 0
    not_received: int = 0
    is_worse: bool = False

    @property
    def units(self) -> int:
        return self.restock + self.refurbish + self.scrap + self.not_received


@retry_on_conflict
def return_receive(*, back: Return, user: Any, warehouse: Warehouse | None = None) -> bool:
    """The parcel is here, in ``warehouse`` (none: the default one), and so are its good units.

    False if that is known; ``ImpossibleStep`` unless approved or on its way.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.RECEIVED:
        return False
    back.warehouse = warehouse
    move(back, ReturnState.RECEIVED, user=user)
    return True


@retry_on_conflict
def return_inspect(*, back: Return, found: Mapping[int, Found], user: Any, note: str = "") -> bool:
    """Write down what was found, by line of the return, and put on the shelf what is as new.

    What was in repair and comes here cannot be repaired, so it is paid. False if it was inspected
    already. Raises ``ImpossibleStep`` unless received or in repair, or if a line's units do not add
    up to what was announced.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.INSPECTED:
        return False
    refuse_unless(back, ReturnState.INSPECTED)
    lines = list(back.lines.select_related("order_line"))
    for line in lines:
        _write_found(line, found.get(line.pk, Found()))
    if back.wish == Wish.REPAIR:
        back.wish = Wish.REFUND
    move(back, ReturnState.INSPECTED, user=user, note=note)
    _restock(back, lines, user)
    return True


def _write_found(line: ReturnLine, found: Found) -> None:
    parts = (found.restock, found.refurbish, found.scrap, found.not_received)
    if found.units != line.quantity or min(parts) < 0:
        raise ImpossibleStep(f"line {line.pk} has {line.quantity} units, {found.units} were found")
    line.restock, line.refurbish, line.scrap, line.not_received = parts
    line.is_worse = found.is_worse and line.reason not in FAULTS
    line.inspected_at = timezone.now()
    line.save()


def _restock(back: Return, lines: list[ReturnLine], user: Any) -> None:
    """Good units to the shelf, scrap written off; records by key, as the order of locks wants it."""
    good = [line for line in lines if line.restock + line.scrap and line.order_line.stockrecord_id]
    tracked = stock_records_tracked(line.order_line.stockrecord_id for line in good)
    for line in sorted(good, key=lambda one: (one.order_line.stockrecord_id, one.pk)):
        if line.order_line.stockrecord_id in tracked:
            goods_back(
                stock_record_id=line.order_line.stockrecord_id,
                good=line.restock,
                scrap=line.scrap,
                source=f"return:{line.pk}",
                warehouse=back.warehouse,
                user=user,
                note=back.number,
            )
