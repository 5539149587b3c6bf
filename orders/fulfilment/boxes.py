"""Parcels under the order's lock: what goes into one, when it is closed, and that it leaves."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.fulfilment.consigning import (
    consignment_move,
    consignment_settle,
    open_consignments,
    units_boxed,
    units_by_record,
)
from orders.fulfilment.models import (
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Shipment,
)
from orders.fulfilment.walking import waves_close
from orders.models import Line, Order
from supply.services import stock_ship


def units_to_box(consignment: Consignment) -> dict[ConsignmentLine, int]:
    """What may go into a box now: of a consignment in a wave only what was picked."""
    boxed = units_boxed(consignment)
    lines = consignment.lines.select_related("order_line__product__parent").order_by("pk")
    return {one: _there(consignment, one) - boxed.get(one.order_line_id, 0) for one in lines}


def _there(consignment: Consignment, line: ConsignmentLine) -> int:
    there = line.picked if consignment.wave_id else line.quantity - line.missing
    return max(there - line.left, 0)


def rest_box(order: Order, *, user: Any) -> list[Shipment]:
    """Close the open boxes and put all the rest into one more for each warehouse, without scanning.

    Raises ``StepRefused`` while units of it are missing.
    """
    boxes = []
    for consignment in open_consignments(order):
        if any(one.missing for one in consignment.lines.all()):
            raise StepRefused(_("Units of this order are missing; see the exceptions."))
        boxed = units_boxed(consignment)
        rest = {
            one.order_line: one.quantity - one.left - boxed.get(one.order_line_id, 0)
            for one in consignment.lines.all()
        }
        rest = {line: units for line, units in rest.items() if units > 0}
        parcel = Shipment.objects.filter(
            consignment=consignment, packed_at__isnull=True, shipped_at__isnull=True
        ).first()
        if rest:
            parcel = parcel or box_new(consignment)
            box_fill(parcel, rest)
        if parcel is not None:
            parcel.packed_at, parcel.packed_by = timezone.now(), user
            parcel.save(update_fields=["packed_at", "packed_by"])
            boxes.append(parcel)
        consignment.lines.update(picked=F("quantity"))
        consignment_move(consignment, ConsignmentState.PACKED)
        waves_close({consignment.wave_id})
    return boxes


def box_new(consignment: Consignment) -> Shipment:
    return Shipment.objects.create(
        order_id=consignment.order_id,
        consignment=consignment,
        warehouse_id=consignment.warehouse_id,
    )


def box_fill(parcel: Shipment, units: Mapping[Line, int]) -> None:
    there = {one.order_line_id: one for one in parcel.lines.all()}
    for line, number in units.items():
        if line.pk in there:
            there[line.pk].quantity += number
            there[line.pk].save(update_fields=["quantity"])
        else:
            parcel.lines.create(order_line=line, quantity=number)


def boxes_empty(order: Order) -> None:
    """Undo the packing of what is still here; the units wait at the packing table."""
    Shipment.objects.filter(order=order, shipped_at__isnull=True).delete()
    Consignment.objects.filter(order=order, state=ConsignmentState.PACKED).update(
        state=ConsignmentState.PICKED
    )


def box_leave(parcel: Shipment, *, carrier: str, tracking_number: str, user: Any) -> None:
    """The carrier has it: stock is consumed, the ledger written."""
    parts = list(parcel.lines.select_related("order_line"))
    units: Counter[Line] = Counter()
    for part in parts:
        units[part.order_line] += part.quantity
    stock_ship(
        units=units_by_record(units),
        source=f"shipment:{parcel.pk}",
        warehouse=parcel.warehouse if parcel.consignment_id else None,
        user=user,
    )
    for line, number in units.items():
        line.num_allocated -= number
        line.save(update_fields=["num_allocated"])
    parcel.carrier, parcel.tracking_number = carrier, tracking_number
    parcel.shipped_at, parcel.shipped_by = timezone.now(), user
    parcel.save(update_fields=["carrier", "tracking_number", "shipped_at", "shipped_by"])
    if parcel.consignment is not None:
        gone = {line.pk: number for line, number in units.items()}
        for one in parcel.consignment.lines.filter(order_line__in=gone):
            one.left += gone[one.order_line_id]
            one.save(update_fields=["left"])
        consignment_settle(parcel.consignment)
