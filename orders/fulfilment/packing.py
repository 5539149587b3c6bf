"""The packing table: scan an order, scan each thing into a box, weigh it, close it."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.exceptions import StepRefused, WrongBarcode
from orders.fulfilment.boxes import box_fill, box_new, units_to_box
from orders.fulfilment.consigning import consignment_move
from orders.fulfilment.models import (
    Consignment,
    ConsignmentState,
    Shipment,
)
from orders.fulfilment.scanning import code_read, is_code_of
from orders.life.holds import refuse_held
from orders.life.models import Source
from orders.life.settling import is_packable, order_settle_packed
from orders.locks import order_lock
from orders.models import Order
from orders.states import OrderState
from shop.core.locks import retry_on_conflict

MOST_TOTES = 32_767  # what the column holds
TABLE = (ConsignmentState.ROUTED, ConsignmentState.PICKED)  # what may be packed now


@dataclass(frozen=True)
class Box:
    """Millimetres outside, and grams empty."""

    code: str
    name: Any
    size: tuple[int, int, int]
    empty_g: int


BOXES = (
    Box("letter", gettext_lazy("Padded letter"), (340, 240, 30), 40),
    Box("s", gettext_lazy("Small box"), (250, 175, 100), 120),
    Box("m", gettext_lazy("Medium box"), (375, 300, 135), 260),
    Box("l", gettext_lazy("Large box"), (600, 300, 150), 420),
    Box("own", gettext_lazy("Another size"), (0, 0, 0), 0),
)


@dataclass(frozen=True)
class Measure:
    """Grams and millimetres of a closed box."""

    box: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int


def consignment_scanned(text: str, *, warehouse_id: int | None = None) -> Consignment:
    """By order number, or by wave and tote (``12-3``): what waits for the packing table of a warehouse.

    Raises ``StepRefused`` with what to do when there is nothing here, or when parts of it wait in several
    warehouses and nobody said in which one the table stands.
    """
    code = code_read(text).removeprefix("w-")
    rows = Consignment.objects.filter(state__in=(*TABLE, ConsignmentState.PICKING))
    wave, _dash, tote = code.partition("-")
    found = rows.filter(order__number__iexact=code).select_related("warehouse")
    if wave.isdecimal() and tote.isdecimal() and len(code) <= 12 and not found.exists():
        found = rows.filter(wave=int(wave), tote=min(int(tote), MOST_TOTES)).select_related(
            "warehouse"
        )
    # What was picked goes first; what is still on the cart last.
    there = sorted(found, key=lambda one: (one.state == "picking", one.state == "routed", one.pk))
    here = [one for one in there if warehouse_id in (None, one.warehouse_id)]
    names = " + ".join(dict.fromkeys(one.warehouse.name for one in there))
    if there and not here:
        raise StepRefused(_("It is packed elsewhere: %(warehouses)s.") % {"warehouses": names})
    if len({one.warehouse_id for one in here}) > 1:
        text = _("It is sent in parts: %(warehouses)s. Say first at which table you stand.")
        raise StepRefused(text % {"warehouses": names})
    if not here:
        raise StepRefused(_("Nothing of this order waits to be packed here."))
    if here[0].state == ConsignmentState.PICKING:
        raise StepRefused(_("This order is still being picked."))
    return here[0]


@retry_on_conflict
def item_pack(*, consignment: Consignment, code: str, user: Any) -> Shipment:
    """One unit of what was scanned goes into the open box of the consignment.

    Raises ``WrongBarcode`` for what is not of this order, or is in the box already, and
    ``StepRefused`` when the order is not to be packed any more.
    """
    consignment, _order = _locked(consignment)
    left = units_to_box(consignment)
    lines = [line for line in left if is_code_of(code, line.order_line)]
    if not lines:
        raise WrongBarcode(_("Wrong article. It is not of this order."))
    line = next((one for one in lines if left[one] > 0), None)
    if line is None:
        raise WrongBarcode(_("One too many. All units of this article are in a box already."))
    box = _open_box(consignment)
    box_fill(box, {line.order_line: 1})
    return box


@retry_on_conflict
def item_unpack(*, consignment: Consignment, order_line_id: int, user: Any) -> None:
    """One unit comes out of the open box again."""
    consignment, _order = _locked(consignment)
    box = _box_of(consignment)
    part = box.lines.filter(order_line=order_line_id).first() if box else None
    if box is None or part is None:
        raise StepRefused(_("It is not in the open box."))
    if part.quantity == 1:
        part.delete()
    else:
        part.quantity -= 1
        part.save(update_fields=["quantity"])
    if not box.lines.exists():
        box.delete()


@retry_on_conflict
def box_close(*, consignment: Consignment, measure: Measure, user: Any) -> Shipment:
    """The open box is weighed and closed. With the last one the order is packed.

    Raises ``StepRefused`` when nothing is in it.
    """
    consignment, order = _locked(consignment)
    box = _box_of(consignment)
    if box is None:
        raise StepRefused(_("Nothing is in the box yet."))
    box.box, box.weight_g = measure.box, measure.weight_g
    box.length_mm, box.width_mm, box.height_mm = (
        measure.length_mm,
        measure.width_mm,
        measure.height_mm,
    )
    box.packed_at, box.packed_by = timezone.now(), user
    box.save()
    is_short = consignment.lines.filter(missing__gt=0).exists()
    if not is_short and not any(units_to_box(consignment).values()):
        consignment_move(consignment, ConsignmentState.PACKED)
        order_settle_packed(order, user=user, source=Source.OFFICE)
    return box


def _locked(consignment: Consignment) -> tuple[Consignment, Order]:
    order = order_lock(order_id=consignment.order_id)
    refuse_held(order)
    fresh = Consignment.objects.select_related("warehouse").get(pk=consignment.pk)
    if fresh.state not in TABLE or not is_packable(order):
        text = _("This is not to be packed any more: the order is now “%(state)s”.")
        raise StepRefused(text % {"state": OrderState(order.status).label})
    return fresh, order


def _box_of(consignment: Consignment) -> Shipment | None:
    return consignment.parcels.filter(packed_at__isnull=True, shipped_at__isnull=True).first()


def _open_box(consignment: Consignment) -> Shipment:
    return _box_of(consignment) or box_new(consignment)
