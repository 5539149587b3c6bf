"""Giving the units of an order to warehouses, and taking them back. All under the order's lock."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from orders.exceptions import ImpossibleStep, NoRoute
from orders.fulfilment.models import (
    CONSIGNMENT_NEXT,
    OPEN,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Rule,
    Shipment,
    ShipmentLine,
)
from orders.fulfilment.routing import FewestParcels, Need, Part, Policy, places_for
from orders.fulfilment.walking import waves_close
from orders.models import Line, Order
from orders.selectors import address_known
from orders.whole import is_shared, lines_shared
from shop.core.inserting import row_insert
from shop.core.prepared import INTEGER, Prepared
from supply.exceptions import OutOfStock
from supply.models import Warehouse
from supply.selectors import stock_records_tracked
from supply.services import stock_reserve, stock_unreserve

POLICY: Policy = FewestParcels()
TRIES = 3  # somebody else may take what was free a moment ago


def units_unrouted(order: Order) -> dict[Line, int]:
    """Units by line that are still to be sent and that no warehouse has yet."""
    return _unrouted(order, dict(_routed_of.read(order=order.pk)))


def _unrouted(order: Order, routed: Mapping[int, int]) -> dict[Line, int]:
    lines = lines_shared(order)
    if lines is None:
        lines = _held_of.read(order=order.pk)
    lines = [line for line in lines if line.num_allocated and line.stockrecord_id]
    units = {line: line.num_allocated - routed.get(line.pk, 0) for line in lines}
    return {line: number for line, number in units.items() if number > 0}


_routed_of: Prepared[tuple[int, int]] = Prepared(
    lambda order: (
        ConsignmentLine.objects.filter(consignment__order=order, consignment__state__in=OPEN)
        .order_by()
        .values_list("order_line")
        .annotate(units=Sum(F("quantity") - F("left")))
    ),
    order=INTEGER,
)
_held_of: Prepared[Line] = Prepared(
    lambda order: Line.objects.filter(
        order=order, num_allocated__gt=0, stockrecord__isnull=False
    ).order_by("pk"),
    order=INTEGER,
)


def consignments_make(
    order: Order, *, user: Any = None, without: Iterable[int] = ()
) -> list[Consignment]:
    """Route what no warehouse has yet, by the policy. Raises ``NoRoute``; nothing is then written.

    ``without``: warehouses that are not asked.
    """
    routed = dict(_routed_of.read(order=order.pk))
    wanted = _unrouted(order, routed)
    if not wanted:
        return []
    tracked = _tracked(order, wanted)
    needs = [
        Need(line.pk, line.stockrecord_id, units, line.stockrecord_id in tracked)
        for line, units in wanted.items()
    ]
    address, lines = address_known(order), {line.pk: line for line in wanted}
    country = address.country_id if address else ""
    without = list(without)
    for _try in range(TRIES):
        places = places_for(country=country, records=tracked, without=without)
        choice = POLICY.choose(needs=needs, places=places)
        if choice is None:
            break
        try:
            # One that fails has written nothing yet; of several the first may have.
            with transaction.atomic() if len(choice.parts) > 1 else nullcontext():
                return [
                    _consign(
                        order,
                        part,
                        lines,
                        rule=choice.rule,
                        facts=choice.facts,
                        user=user,
                        tracked=tracked,
                        is_first=not routed,
                    )
                    for part in choice.parts
                ]
        except OutOfStock:
            continue
    raise NoRoute(f"no warehouse can send what is left of order {order.number}")


def _tracked(order: Order, lines: Iterable[Line]) -> set[int]:
    """Stock records of these lines that are counted; asked where their products were not read with them."""
    if not is_shared(order) or not all(line.product for line in lines):
        return stock_records_tracked(line.stockrecord_id for line in lines)
    return {line.stockrecord_id for line in lines if line.product.get_product_class().track_stock}


def consignment_give(
    order: Order, *, warehouse: Warehouse, units: Mapping[int, int], words: str, user: Any
) -> Consignment:
    """By hand: these units (by order line) leave from ``warehouse``. Raises ``OutOfStock``."""
    part = Part(warehouse, dict(units))
    lines = {line.pk: line for line in order.lines.filter(pk__in=units)}
    return _consign(order, part, lines, rule=Rule.HAND, words=words, user=user)


def _consign(
    order: Order,
    part: Part,
    lines: Mapping[int, Line],
    *,
    rule: Rule,
    facts: dict | None = None,
    words: str = "",
    user: Any = None,
    tracked: Collection[int] | None = None,
    is_first: bool = False,
) -> Consignment:
    """Reserve, and write. What waits or is picked in the same warehouse already is added to.

    ``is_first``: no warehouse has anything of the order, so it need not be looked for.
    """
    units = {lines[pk]: number for pk, number in part.units.items()}
    stock_reserve(warehouse=part.warehouse, units=units_by_record(units), tracked=tracked)
    there = [] if is_first else _to_pick_at.read(order=order.pk, warehouse=part.warehouse.pk)
    consignment = there[0] if there else None
    if consignment is None:  # nobody else routes it: they wait for the order
        consignment = row_insert(
            Consignment(
                order=order,
                warehouse=part.warehouse,
                rule=rule,
                facts=facts or {},
                words=words,
                routed_by=user,
            )
        )
    held = {one.order_line_id: one for one in consignment.lines.all()} if there else {}
    for line, number in units.items():
        if line.pk in held:
            held[line.pk].quantity += number
            held[line.pk].save(update_fields=["quantity"])
        else:
            row_insert(ConsignmentLine(consignment=consignment, order_line=line, quantity=number))
    return consignment


_to_pick_at: Prepared[Consignment] = Prepared(
    lambda order, warehouse: Consignment.objects.filter(
        order=order,
        warehouse=warehouse,
        state__in=(ConsignmentState.ROUTED, ConsignmentState.PICKING),
    ).order_by("pk"),
    order=INTEGER,
    warehouse=INTEGER,
)


def consignments_void(order: Order, *, only: Iterable[Consignment] | None = None) -> None:
    """Take back what has not left: boxes are emptied, units are reserved no longer."""
    rows = open_consignments(order)
    if only is not None:
        chosen = {one.pk for one in only}
        rows = [one for one in rows if one.pk in chosen]
    boxes = Shipment.objects.filter(order=order, shipped_at__isnull=True)
    if only is not None:
        boxes = boxes.filter(consignment__in=rows)
    boxes.delete()
    for consignment in rows:
        _unreserve(consignment, {one: one.quantity - one.left for one in consignment.lines.all()})
        is_partly_gone = any(one.left for one in consignment.lines.all())
        if is_partly_gone:  # the part that left stays told
            for one in consignment.lines.all():
                _shrink(one, one.quantity - one.left)
        consignment_move(
            consignment, ConsignmentState.LEFT if is_partly_gone else ConsignmentState.VOID
        )
    waves_close({one.wave_id for one in rows if one.wave_id})


def consignments_trim(order: Order, freed: Mapping[Line, int]) -> None:
    """Units of these lines are not to be sent any more: first what no warehouse has, then what was not
    found, then the rest; what is in a box stays.

    What was picked of them stands on the cart and goes back to a bin by hand.
    """
    left = {line.pk: units for line, units in freed.items() if units}
    unrouted = {line.pk: units for line, units in units_unrouted(order).items()}
    left = {pk: units - min(units, unrouted.get(pk, 0)) for pk, units in left.items()}
    consignments = open_consignments(order)
    cuts: dict[int, dict[ConsignmentLine, int]] = {one.pk: {} for one in consignments}
    for is_missing in (True, False):
        for consignment in consignments:
            cut, boxed = cuts[consignment.pk], units_boxed(consignment)
            for one in consignment.lines.all():
                if not left.get(one.order_line_id):
                    continue
                here = one.quantity - one.left - boxed.get(one.order_line_id, 0) - cut.get(one, 0)
                units = min(left[one.order_line_id], one.missing if is_missing else here, here)
                left[one.order_line_id] -= units
                cut[one] = cut.get(one, 0) + units
    for consignment in consignments:
        cut = cuts[consignment.pk]
        _unreserve(consignment, cut)
        for one, units in cut.items():
            _shrink(one, units)
        consignment_settle(consignment)


def shortage_cut(line: ConsignmentLine) -> int:
    """What was not found is not to come from there any more. Returns how many units."""
    units = line.missing
    _unreserve(line.consignment, {line: units})
    _shrink(line, units)
    return units


def consignment_settle(consignment: Consignment) -> None:
    """Under the order's lock: where it stands, from what its lines say."""
    lines = list(consignment.lines.order_by("pk"))  # as they are now, whatever was fetched before
    state = consignment.state
    if not lines:
        state = ConsignmentState.VOID
    elif all(one.left == one.quantity for one in lines):
        state = ConsignmentState.LEFT
    elif state == ConsignmentState.PICKING and not any(one.to_pick for one in lines):
        state = ConsignmentState.PICKED
    if consignment_move(consignment, state) and consignment.wave_id:
        waves_close({consignment.wave_id})


def consignment_move(consignment: Consignment, state: str) -> bool:
    """Under the order's lock: its next state. False if it is there already.

    Raises ``ImpossibleStep`` where the one may not follow the other.
    """
    if state == consignment.state:
        return False
    if state not in CONSIGNMENT_NEXT[ConsignmentState(consignment.state)]:
        raise ImpossibleStep(f"consignment {consignment.pk} is {consignment.state}, not {state}")
    consignment.state = state
    if state not in OPEN:
        consignment.ended_at = timezone.now()
    consignment.save(update_fields=["state", "ended_at"])
    return True


def units_boxed(consignment: Consignment) -> dict[int, int]:
    """By order line: units in boxes of it that are still here, open or closed."""
    rows = ShipmentLine.objects.filter(
        shipment__consignment=consignment, shipment__shipped_at__isnull=True
    )
    return dict(rows.order_by().values_list("order_line").annotate(units=Sum("quantity")))


def open_consignments(order: Order) -> list[Consignment]:
    """In the order in which they were routed, with warehouses and lines."""
    rows = Consignment.objects.filter(order=order, state__in=OPEN).select_related("warehouse")
    return list(rows.prefetch_related("lines__order_line").order_by("pk"))


def is_all_packed(order: Order) -> bool:
    """Whether every unit that is to leave is in a closed box, or gone."""
    states = Consignment.objects.filter(order=order, state__in=OPEN).order_by()
    counted = dict(states.values_list("state").annotate(number=Count("pk")))
    return not units_unrouted(order) and set(counted) <= {ConsignmentState.PACKED}


def _shrink(line: ConsignmentLine, units: int) -> None:
    """First what was not found, then what was not picked, then what was."""
    if not units:
        return
    line.quantity -= units
    if not line.quantity:
        line.delete()
        return
    line.missing = max(line.missing - units, 0)
    line.picked = min(line.picked, line.quantity - line.missing)
    line.save(update_fields=["quantity", "missing", "picked"])


def _unreserve(consignment: Consignment, units: Mapping[ConsignmentLine, int]) -> None:
    freed: Counter[Line] = Counter()
    for one, number in units.items():
        freed[one.order_line] += number
    if records := units_by_record(freed):
        stock_unreserve(warehouse=consignment.warehouse, units=records)


def units_by_record(units: Mapping[Line, int]) -> dict[int, int]:
    """Units per stock record id; two lines may share one."""
    records: dict[int, int] = {}
    for line, number in units.items():
        if line.stockrecord_id is not None and number:
            records[line.stockrecord_id] = records.get(line.stockrecord_id, 0) + number
    return records
