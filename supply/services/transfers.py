"""Goods from one warehouse to another: put together, sent, received with every difference named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.core.locks import retry_on_conflict
from supply.exceptions import OutOfStock, SupplyRefused
from supply.locks import stock_records_lock, transfer_lock
from supply.models import (
    Difference,
    Reason,
    Transfer,
    TransferLine,
    TransferState,
    Warehouse,
)
from supply.models.transfers import TRANSFER_NEXT
from supply.services.stock import stock_move


@dataclass(frozen=True)
class Came:
    """Units of a line that came, and why these are not those that left."""

    units: int
    difference: str = ""
    words: str = ""


@retry_on_conflict
def transfer_make(
    *, source: Warehouse, target: Warehouse, key: UUID, note: str = "", user: Any = None
) -> Transfer:
    """Begin one. The same ``key`` is the same transfer."""
    if source.pk == target.pk:
        raise SupplyRefused(_("From one warehouse to another one."))
    made, _is_new = Transfer.objects.get_or_create(
        key=key, defaults={"source": source, "target": target, "note": note, "created_by": user}
    )
    return made


@retry_on_conflict
def transfer_line_set(*, transfer: Transfer, stock_record_id: int, units: int) -> None:
    """So many units of a record are to go; 0 takes it out. Only while it is put together."""
    transfer = transfer_lock(transfer.pk)
    if transfer.state != TransferState.DRAFT:
        raise SupplyRefused(_("It has left already; nothing can be added."))
    if not units:
        transfer.lines.filter(stock_record=stock_record_id).delete()
        return
    TransferLine.objects.update_or_create(
        transfer=transfer, stock_record_id=stock_record_id, defaults={"sent": units}
    )


@retry_on_conflict
def transfer_send(*, transfer: Transfer, user: Any = None) -> bool:
    """Its units leave their warehouse and cannot be sold until they have come. False: it has left.

    Raises ``OutOfStock`` naming every record of which fewer are free there.
    """
    with transaction.atomic():
        transfer = transfer_lock(transfer.pk)
        if not _moves(transfer, TransferState.SENT):
            return False
        lines = _lines(transfer)
        if not lines:
            raise SupplyRefused(_("Nothing is on it yet."))
        short: dict[int, int] = {}
        for line in lines:
            try:
                with transaction.atomic():
                    _book(transfer, line, -line.sent, transfer.source, user)
            except OutOfStock as error:
                short |= error.shortages
        if short:
            raise OutOfStock(short)
        transfer.state = TransferState.SENT
        transfer.sent_at, transfer.sent_by = timezone.now(), user
        transfer.save()
    return True


@retry_on_conflict
def transfer_receive(*, transfer: Transfer, came: Mapping[int, Came], user: Any = None) -> bool:
    """Its units stand in the other warehouse; ``came`` by line id. False: it was received already.

    Raises ``SupplyRefused`` for a difference without a reason; nothing is then written.
    """
    with transaction.atomic():
        transfer = transfer_lock(transfer.pk)
        if not _moves(transfer, TransferState.RECEIVED):
            return False
        for line in _lines(transfer):
            found = came.get(line.pk, Came(line.sent))
            line.received = found.units
            is_same = found.units == line.sent
            if not is_same and found.difference not in Difference.values:
                raise SupplyRefused(_("Say of every difference why it is one."))
            line.difference = "" if is_same else found.difference
            line.words = "" if is_same else found.words
            line.save()
            if line.received:
                _book(transfer, line, line.received, transfer.target, user)
        transfer.state = TransferState.RECEIVED
        transfer.received_at, transfer.received_by = timezone.now(), user
        transfer.save()
    return True


@retry_on_conflict
def transfer_cancel(*, transfer: Transfer) -> bool:
    """It does not leave. False if it was cancelled already."""
    transfer = transfer_lock(transfer.pk)
    if not _moves(transfer, TransferState.CANCELLED):
        return False
    transfer.state = TransferState.CANCELLED
    transfer.save(update_fields=["state"])
    return True


def _moves(transfer: Transfer, state: TransferState) -> bool:
    """False when it is there already. Raises ``SupplyRefused`` when it cannot come there."""
    if transfer.state == state:
        return False
    if state not in TRANSFER_NEXT[TransferState(transfer.state)]:
        text = _("It is “%(state)s” now; that step is not possible any more.")
        raise SupplyRefused(text % {"state": transfer.get_state_display()})
    return True


def _lines(transfer: Transfer) -> list[TransferLine]:
    """In the order in which records are locked."""
    lines = list(transfer.lines.order_by("stock_record"))
    stock_records_lock(line.stock_record_id for line in lines)
    return lines


def _book(transfer: Transfer, line: TransferLine, units: int, place: Warehouse, user: Any) -> None:
    stock_move(
        stock_record_id=line.stock_record_id,
        quantity=units,
        reason=Reason.TRANSFER,
        source=f"transfer:{transfer.pk}",
        warehouse=place,
        user=user,
        note=transfer.note,
    )
