"""Repairs within the warranty, and units that are refurbished to be sold again."""

from typing import Any

from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep, StepRefused
from orders.returns.locks import return_lock
from orders.returns.models import Return, ReturnLine
from orders.returns.services.moving import move
from orders.returns.states import ReturnState, Wish
from shop.core.locks import retry_on_conflict
from supply.selectors import stock_records_tracked
from supply.services import goods_back


@retry_on_conflict
def return_repair(*, back: Return, user: Any) -> bool:
    """It is repaired, whatever was wished for. False if it is in repair; ``ImpossibleStep`` unless received.

    What is kept in exchange stays kept for nothing, so an exchange cannot become a repair.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.REPAIRING:
        return False
    if back.wish == Wish.EXCHANGE:
        raise ImpossibleStep(f"return {back.number} is to be exchanged")
    back.wish = Wish.REPAIR
    move(back, ReturnState.REPAIRING, user=user)
    return True


@retry_on_conflict
def return_repaired(*, back: Return, carrier: str, tracking_number: str, user: Any) -> bool:
    """The things go back to the shopper, with this parcel. False if that is known.

    Raises ``ImpossibleStep`` unless in repair. Their units may be asked back again.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.REPAIRED:
        return False
    note = " ".join(filter(None, (carrier.strip(), tracking_number.strip())))
    move(back, ReturnState.REPAIRED, user=user, note=note)
    return True


@retry_on_conflict
def units_refurbished(*, line: ReturnLine, good: int, scrap: int, left: int, user: Any) -> bool:
    """Of a line's units that are refurbished ``good`` go back to the shelf and ``scrap`` is given up.

    ``left``: how many the page said there were; False if that is not so any more. Both are in the
    ledger of the warehouse that received them. Raises ``StepRefused`` for more than there are.
    """
    _order, back = return_lock(line.back)
    line = ReturnLine.objects.select_related("order_line").get(pk=line.pk)
    if line.refurbishing != left:
        return False
    if min(good, scrap) < 0 or not 0 < good + scrap <= left:
        raise StepRefused(_("There are %(units)d of them.") % {"units": left})
    place = line.refurbished + line.given_up
    line.refurbished += good
    line.given_up += scrap
    line.save(update_fields=["refurbished", "given_up"])
    record = line.order_line.stockrecord_id
    if record and stock_records_tracked([record]):
        goods_back(
            stock_record_id=record,
            good=good,
            scrap=scrap,
            source=f"refurbished:{line.pk}:{place}",
            warehouse=back.warehouse,
            user=user,
            note=back.number,
        )
    return True
