"""Goods that come back: whole ones to the shelf, the others written off, both in the ledger."""

from typing import Any

from django.db import transaction

from supply.models import Reason, Warehouse
from supply.selectors import warehouse_default
from supply.services.stock import stock_move


@transaction.atomic
def goods_back(
    *,
    stock_record_id: int,
    good: int,
    scrap: int,
    source: str,
    warehouse: Warehouse | None = None,
    user: Any = None,
    note: str = "",
) -> bool:
    """Book ``good`` units that may be sold again and ``scrap`` units that may not.

    What is scrap comes and is written off in one step, so that the figure of write-offs has it.
    Without ``warehouse`` they come to the default one. False: ``source`` is booked.
    """
    where = warehouse or warehouse_default()
    place = {"stock_record_id": stock_record_id, "warehouse": where, "user": user}
    is_new = False
    if good:
        is_new = stock_move(
            **place, quantity=good, reason=Reason.RETURNED, source=source, note=note
        )
    if scrap and stock_move(
        **place, quantity=scrap, reason=Reason.RETURNED, source=f"{source}:unfit", note=note
    ):
        is_new = stock_move(
            **place, quantity=-scrap, reason=Reason.SCRAPPED, source=f"{source}:scrap", note=note
        )
    return is_new
