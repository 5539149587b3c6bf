"""Reading stock."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db.models import DateField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from catalog.arrivals import Arrival
from catalog.partner.models import StockRecord
from shop.core.days import day_start
from shop.core.prepared import INTEGERS, Prepared
from supply.models import (
    WRITE_OFFS,
    ArrivalState,
    BinStock,
    ExpectedArrival,
    StockMovement,
    Warehouse,
    WarehouseStock,
)


def stock_records_tracked(ids: Iterable[int]) -> set[int]:
    """Those of ``ids`` whose product counts its stock (a download does not)."""
    return {pk for (pk,) in _tracked.read(ids=list(ids))}


_tracked: Prepared[tuple[int]] = Prepared(
    lambda ids: StockRecord.objects.filter(
        Q(product__product_class__track_stock=True)
        | Q(product__parent__product_class__track_stock=True),
        pk__in=ids,
    ).values_list("pk"),
    ids=INTEGERS,
)


def stock_short(wanted: Mapping[int, int], free: Mapping[int, int]) -> dict[int, int]:
    """Records with fewer ``free`` units than ``wanted``, and how many are free."""
    return {pk: left for pk, left in sorted(free.items()) if left < wanted[pk]}


def families_of(ids: Iterable[int]) -> list[int]:
    """Families of stock records. One query."""
    rows = StockRecord.objects.filter(pk__in=list(ids))
    family = Coalesce("product__parent_id", "product_id")
    return list(rows.order_by().values_list(family, flat=True).distinct())


def warehouse_default() -> Warehouse:
    """Where goods leave from when nobody says otherwise."""
    return Warehouse.objects.get(is_default=True)


def free_by_warehouse(records: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By stock record: warehouses that sell, with what is free there; the default one first."""
    rows = (
        WarehouseStock.objects.filter(
            stock_record__in=list(records), warehouse__is_sellable=True, on_hand__gt=F("reserved")
        )
        .order_by("stock_record", "-warehouse__is_default", "warehouse__rank", "warehouse")
        .values_list("stock_record_id", "warehouse_id", "on_hand", "reserved")
    )
    free: dict[int, list[tuple[int, int]]] = {}
    for record, place, on_hand, reserved in rows:
        free.setdefault(record, []).append((place, on_hand - reserved))
    return free


def stock_places(stock_record_id: int) -> list[WarehouseStock]:
    """Every warehouse that holds it, with ``bins``: what is where, in the order of the walk."""
    rows = list(
        WarehouseStock.objects.filter(stock_record=stock_record_id, on_hand__gt=0)
        .select_related("warehouse")
        .order_by("-warehouse__is_default", "warehouse__rank", "warehouse")
    )
    there: dict[int, list[BinStock]] = {}
    for shelf in bins_of([stock_record_id]):
        there.setdefault(shelf.bin.warehouse_id, []).append(shelf)
    for row in rows:
        row.bins = there.get(row.warehouse_id, [])  # type: ignore[attr-defined]
        row.unplaced = row.on_hand - sum(one.units for one in row.bins)  # type: ignore[attr-defined]
    return rows


def bins_of(records: Iterable[int], *, warehouse_id: int | None = None) -> QuerySet[BinStock]:
    """Bins with units of these records, in the order of the walk."""
    rows = BinStock.objects.filter(stock_record__in=list(records), units__gt=0)
    if warehouse_id:
        rows = rows.filter(bin__warehouse=warehouse_id)
    return rows.select_related("bin").order_by("bin__rank", "bin__code", "pk")


def stock_movements() -> QuerySet[StockMovement]:
    """The ledger, newest first, with all that a page shows. Safe to slice."""
    return StockMovement.objects.select_related(
        "stock_record__product__parent", "warehouse", "moved_by"
    ).order_by("-moved_at", "-pk")


def written_off(*, since: dt.date) -> dict[tuple[dt.date, str], int]:
    """Units by month (its first day, local) and reason since a local day. One query."""
    rows = (
        StockMovement.objects.filter(
            reason__in=WRITE_OFFS, quantity__lt=0, moved_at__gte=day_start(since)
        )
        .annotate(month=TruncMonth("moved_at", output_field=DateField()))
        .order_by()
        .values_list("month", "reason")
        .annotate(units=Sum("quantity"))
    )
    return {(month, reason): -units for month, reason, units in rows}


def arrivals_open(stock_record_id: int) -> QuerySet[ExpectedArrival]:
    """What is still to come of one record, late ones included, the next first."""
    return (
        ExpectedArrival.objects.filter(stock_record=stock_record_id, state=ArrivalState.EXPECTED)
        .select_related("created_by")
        .order_by("day", "pk")
    )


def arrivals_due() -> QuerySet[ExpectedArrival]:
    """What suppliers still have to bring, of every record; the first day first."""
    return ExpectedArrival.objects.filter(state=ArrivalState.EXPECTED).order_by("day", "pk")


def arrivals_expected(stock_record_ids: Collection[int]) -> dict[int, Arrival]:
    """By stock record: the next delivery. A day that has passed is no promise and is left out."""
    rows = (
        ExpectedArrival.objects.filter(
            stock_record__in=stock_record_ids,
            state=ArrivalState.EXPECTED,
            day__gte=timezone.localdate(),
        )
        .order_by("stock_record", "day", "pk")
        .distinct("stock_record")
        .values_list("stock_record_id", "day", "units")
    )
    return {pk: Arrival(day=day, units=units) for pk, day, units in rows}
