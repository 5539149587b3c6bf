"""Pick waves: one person, one walk through the bins, a tote for each order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused, WrongBarcode
from orders.fulfilment.consigning import consignment_settle
from orders.fulfilment.models import (
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Trouble,
    TroubleKind,
    Wave,
    WaveState,
)
from orders.fulfilment.noting import trouble_note
from orders.fulfilment.scanning import is_code_of
from orders.life.holds import refuse_held
from orders.life.selectors import is_held
from orders.locks import order_lock
from orders.models import Order
from orders.states import OrderState
from shop.core.locks import retry_on_conflict
from supply.models import Bin, Warehouse
from supply.services import bin_take

MOST = 60  # orders on one cart


def consignments_to_pick(*, warehouse_id: int | None = None) -> QuerySet[Consignment]:
    """What may go into a wave, the oldest order first: routed, not held, its address in order."""
    held = Order.objects.filter(is_held(), pk=OuterRef("order"))
    wrong = Trouble.objects.filter(
        order=OuterRef("order"), kind=TroubleKind.ADDRESS, closed_at__isnull=True
    )
    rows = Consignment.objects.filter(
        Q(order__status__in=(OrderState.PAID, OrderState.PENDING)), state=ConsignmentState.ROUTED
    ).exclude(Exists(held) | Exists(wrong))
    if warehouse_id:
        rows = rows.filter(warehouse=warehouse_id)
    return rows.order_by("order__date_placed", "pk")


@retry_on_conflict
def wave_make(
    *,
    warehouse: Warehouse,
    key: UUID,
    limit: int = 20,
    chosen: Sequence[int] = (),
    picker: Any = None,
    user: Any = None,
) -> Wave:
    """Put up to ``limit`` orders of a warehouse on one cart; ``chosen`` consignments only, if any.

    The same ``key`` is the same wave. Raises ``StepRefused`` when there is nothing to pick.
    """
    with transaction.atomic():
        wave, is_new = Wave.objects.get_or_create(
            key=key, defaults={"warehouse": warehouse, "picker": picker, "created_by": user}
        )
        if not is_new:
            return wave
        rows = consignments_to_pick(warehouse_id=warehouse.pk)
        if chosen:
            rows = rows.filter(pk__in=chosen)
        ids = list(rows.values_list("pk", flat=True)[: min(limit, MOST)])
        # Whoever else takes or ends one at the same time: of both only one finds it routed.
        for pk in sorted(ids):
            Consignment.objects.filter(pk=pk, state=ConsignmentState.ROUTED).update(
                state=ConsignmentState.PICKING, wave=wave
            )
        mine = set(wave.consignments.values_list("pk", flat=True))
        for tote, pk in enumerate((pk for pk in ids if pk in mine), start=1):
            Consignment.objects.filter(pk=pk).update(tote=tote)
        if not mine:
            raise StepRefused(_("There is nothing to pick in this warehouse now."))
    return wave


@retry_on_conflict
def wave_take(*, wave: Wave, user: Any) -> bool:
    """``user`` walks it from now on. False if it is done."""
    rows = Wave.objects.filter(pk=wave.pk, state=WaveState.OPEN)
    return bool(rows.update(picker=user))


@retry_on_conflict
def line_pick(
    *,
    line_id: int,
    units: int,
    seen: int,
    user: Any,
    code: str | None = None,
    bin_id: int | None = None,
) -> ConsignmentLine:
    """Units of one line go from a bin into the tote of its order.

    ``seen``: how many the page said were picked, so that of two pickers one is told. ``code``: what
    was scanned; None when the picker says that it is the right one. Raises ``WrongBarcode``, or
    ``StepRefused`` when somebody else was there or the order is not to be picked any more.
    """
    line = _line_locked(line_id, user=user)
    if code is not None and not is_code_of(code, line.order_line):
        raise WrongBarcode(_("Wrong article. Put it back: this is not what is wanted here."))
    if line.picked + line.missing != seen:
        raise StepRefused(_("Somebody else picked here meanwhile. Look at what is left."))
    if not 1 <= units <= line.to_pick:
        raise StepRefused(_("So many units are not wanted here."))
    line.picked += units
    line.picked_at, line.picked_by = timezone.now(), user
    line.save(update_fields=["picked", "picked_at", "picked_by"])
    shelf = Bin.objects.filter(pk=bin_id, warehouse=line.consignment.warehouse_id).first()
    if shelf is not None and line.order_line.stockrecord_id:
        bin_take(shelf=shelf, stock_record_id=line.order_line.stockrecord_id, units=units)
    consignment_settle(line.consignment)
    return line


@retry_on_conflict
def line_short(*, line_id: int, found: int, seen: int, user: Any, words: str = "") -> Trouble:
    """Only ``found`` of the units that were still to pick were there; the clerk decides on the rest.

    Raises ``StepRefused`` as `line_pick`.
    """
    line = _line_locked(line_id, user=user)
    if line.picked + line.missing != seen:
        raise StepRefused(_("Somebody else picked here meanwhile. Look at what is left."))
    if not 0 <= found < line.to_pick:
        raise StepRefused(_("Then nothing is missing: pick them."))
    line.missing += line.to_pick - found
    line.picked += found
    line.picked_at, line.picked_by = timezone.now(), user
    line.save(update_fields=["missing", "picked", "picked_at", "picked_by"])
    trouble = trouble_note(
        line.consignment.order,
        TroubleKind.SHORT,
        line=line,
        units=line.missing,
        words=words,
        user=user,
    )
    consignment_settle(line.consignment)
    return trouble


def _line_locked(line_id: int, *, user: Any) -> ConsignmentLine:
    """The fresh row behind the lock of its order, if it is still to be picked by ``user``."""
    order_id = ConsignmentLine.objects.filter(pk=line_id).values_list(
        "consignment__order", flat=True
    )
    number = order_id.first()
    order = order_lock(order_id=number) if number else None
    rows = ConsignmentLine.objects.select_related(
        "consignment__wave", "consignment__order", "order_line__product"
    )
    line = rows.filter(pk=line_id, consignment__state=ConsignmentState.PICKING).first()
    if order is None or line is None or line.consignment.wave is None:
        raise StepRefused(_("This is not to be picked any more. Leave it where it is."))
    refuse_held(order)
    wave = line.consignment.wave
    if wave.picker_id is None:
        Wave.objects.filter(pk=wave.pk, picker=None).update(picker=user)
    elif wave.picker_id != user.pk:
        raise StepRefused(_("Somebody else walks this wave. Take it over first."))
    return line
