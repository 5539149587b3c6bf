"""The pick list of a wave: its lines in the order of the bins, each with the tote that it goes into."""

from collections import defaultdict
from dataclasses import dataclass

from orders.fulfilment.models import ConsignmentLine, ConsignmentState, Wave
from supply.models import Bin
from supply.selectors import bins_of

NOWHERE = 2**31  # what stands in no bin is looked for last


@dataclass(frozen=True)
class Stop:
    """One line to pick. ``bin`` None: nobody wrote down where it stands."""

    line: ConsignmentLine
    tote: int
    bin: Bin | None
    also: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        return self.line.picked + self.line.missing


def wave_stops(wave: Wave) -> list[Stop]:
    """What is still to pick, on the shortest walk. Two lines of one record share what a bin holds."""
    lines = list(
        ConsignmentLine.objects.filter(
            consignment__wave=wave, consignment__state=ConsignmentState.PICKING
        )
        .select_related("consignment__order", "order_line__product__parent")
        .order_by("consignment__tote", "pk")
    )
    lines = [line for line in lines if line.to_pick]
    records = {line.order_line.stockrecord_id for line in lines}
    shelves: dict[int, list[list]] = defaultdict(list)
    for row in bins_of([pk for pk in records if pk], warehouse_id=wave.warehouse_id):
        shelves[row.stock_record_id].append([row.bin, row.units])
    stops = [_stop(line, shelves[line.order_line.stockrecord_id or 0]) for line in lines]
    return sorted(stops, key=_place)


def _stop(line: ConsignmentLine, there: list[list]) -> Stop:
    """The first bin of the walk in which units are left by the lines before."""
    tote = line.consignment.tote or 0
    here = next((one for one in there if one[1] >= line.to_pick), None) or next(
        (one for one in there if one[1] > 0), None
    )
    if here is None:
        return Stop(line, tote, None)
    here[1] -= line.to_pick
    also = tuple(shelf.code for shelf, units in there if shelf.pk != here[0].pk and units > 0)
    return Stop(line, tote, here[0], also)


def _place(stop: Stop) -> tuple[int, str, int, int]:
    rank = stop.bin.rank if stop.bin else NOWHERE
    return rank, stop.bin.code if stop.bin else "", stop.tote, stop.line.pk
