"""Cycle counts: planned by bin, counted on a phone, booked at once or after somebody's yes."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.core.locks import retry_on_conflict
from supply.exceptions import OutOfStock, SupplyRefused
from supply.locks import count_line_lock, stock_records_lock
from supply.models import (
    BinStock,
    CountLine,
    CountReason,
    CountState,
    CycleCount,
    Reason,
    Warehouse,
)
from supply.rights import APPROVE, WRITE_OFF, may_take_away
from supply.services.stock import stock_move

MOST = 200  # places in one count


@retry_on_conflict
def count_plan(
    *,
    warehouse: Warehouse,
    day: dt.date,
    key: UUID,
    bins: Sequence[int] = (),
    note: str = "",
    user: Any = None,
) -> CycleCount:
    """Plan what stands in these bins; without any, those that were not counted for the longest.

    The same ``key`` is the same count. Raises ``SupplyRefused`` when nothing stands there.
    """
    with transaction.atomic():
        count, is_new = CycleCount.objects.get_or_create(
            key=key,
            defaults={"warehouse": warehouse, "day": day, "note": note, "created_by": user},
        )
        if not is_new:
            return count
        rows = BinStock.objects.filter(bin__warehouse=warehouse, units__gt=0)
        if bins:
            rows = rows.filter(bin__in=bins)
        rows = rows.order_by("bin__rank", "bin__code", "pk")[:MOST]
        CountLine.objects.bulk_create(
            CountLine(count=count, bin_id=row.bin_id, stock_record_id=row.stock_record_id)
            for row in rows
        )
        if not count.lines.exists():
            raise SupplyRefused(_("Nothing stands in these bins."))
    return count


@retry_on_conflict
def count_enter(
    *, line: CountLine, counted: int, reason: str = "", words: str = "", user: Any = None
) -> CountLine:
    """What somebody counted. The same as the book, or a small difference, is booked at once; a large
    one waits for another person's yes, and so do fewer units of somebody who may not write off.

    Raises ``SupplyRefused`` for a difference without a reason, and when the line was counted.
    """
    with transaction.atomic():
        stock_records_lock([line.stock_record_id])
        line = count_line_lock(line.pk)
        if line.state not in (CountState.OPEN, CountState.REFUSED):
            raise SupplyRefused(_("Somebody counted this place already."))
        there = BinStock.objects.filter(bin=line.bin_id, stock_record=line.stock_record_id).first()
        line.book, line.counted = (there.units if there else 0), counted
        if line.difference and reason not in CountReason.values:
            raise SupplyRefused(_("That is not what the book says. Count again, or say why."))
        line.reason, line.words = (reason, words) if line.difference else ("", "")
        line.counted_by, line.counted_at = user, timezone.now()
        line.decided_by, line.decided_at = None, None
        waits = is_large(line) or (line.difference < 0 and not may_take_away(user))
        line.state = CountState.WAITING if waits else CountState.BOOKED
        line.save()
        if line.state == CountState.BOOKED:
            _book(line, user)
    return line


@retry_on_conflict
def count_decide(*, line: CountLine, is_approved: bool, user: Any) -> CountLine:
    """Somebody else's yes or no to a difference that waits.

    Raises ``SupplyRefused`` for one's own, and when ``user`` has not got what it waits for.
    """
    with transaction.atomic():
        stock_records_lock([line.stock_record_id])
        line = count_line_lock(line.pk)
        if line.state != CountState.WAITING:
            raise SupplyRefused(_("This was decided already."))
        if line.counted_by_id == user.pk:
            raise SupplyRefused(_("Who counted cannot say yes to it. Ask a colleague."))
        if not user.has_perms(rights_wanted(line)):
            raise SupplyRefused(
                _("Your role does not decide this. Ask a colleague whose role does.")
            )
        line.decided_by, line.decided_at = user, timezone.now()
        line.state = CountState.BOOKED if is_approved else CountState.REFUSED
        line.save()
        if is_approved:
            _book(line, user)
    return line


def is_large(line: CountLine) -> bool:
    """Whether the difference is worth more than anybody may book alone."""
    price = line.stock_record.price or Decimal(0)
    return abs(line.difference) * price > settings.COUNT_APPROVAL_ABOVE


def rights_wanted(line: CountLine) -> list[str]:
    """What the person needs who says yes or no to this line: for lost units, for large differences."""
    wanted = [WRITE_OFF] if line.difference < 0 else []
    return [*wanted, APPROVE] if is_large(line) or not wanted else wanted


def _book(line: CountLine, user: Any) -> None:
    """Under the record's lock. Raises ``SupplyRefused`` when orders are to be sent from there."""
    if not line.difference:
        return
    row, _is_new = BinStock.objects.get_or_create(
        bin=line.bin, stock_record_id=line.stock_record_id
    )
    units = row.units + line.difference
    if units < 0:
        raise SupplyRefused(_("Units left this bin since it was counted. Count it again."))
    if line.difference < 0:
        BinStock.objects.filter(pk=row.pk).update(units=units)
    try:
        stock_move(
            stock_record_id=line.stock_record_id,
            quantity=line.difference,
            reason=Reason.COUNTED,
            source=f"count:{line.pk}",
            warehouse=line.count.warehouse,
            user=user,
            note=f"{line.get_reason_display()} {line.words}".strip()[:200],
        )
    except OutOfStock as error:
        text = _("Orders are to leave from here with more units than that. Route them anew first.")
        raise SupplyRefused(text) from error
    if line.difference > 0:
        BinStock.objects.filter(pk=row.pk).update(units=units)
