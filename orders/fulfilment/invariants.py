"""What `manage.py verify` checks between orders, the warehouses that send them, and parcels."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.fulfilment.models import (
    OPEN,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    ShipmentLine,
    Wave,
    WaveState,
)
from orders.models import Line
from orders.states import HOLDING
from shop.core.verify import invariant
from supply.models import WarehouseStock

TRACKED = Q(order_line__product__product_class__track_stock=True) | Q(
    order_line__product__parent__product_class__track_stock=True
)


@invariant("fulfilment: what a warehouse reserves is what it is still to send")
def reserved_is_open() -> Iterator[str]:
    to_send = (
        ConsignmentLine.objects.filter(
            TRACKED,
            consignment__state__in=OPEN,
            consignment__warehouse=OuterRef("warehouse"),
            order_line__stockrecord=OuterRef("stock_record"),
        )
        .order_by()
        .values("order_line__stockrecord")
        .annotate(units=Sum(F("quantity") - F("left")))
        .values("units")
    )
    rows = WarehouseStock.objects.annotate(to_send=Coalesce(Subquery(to_send), 0))
    for row in rows.exclude(to_send=F("reserved")).select_related("warehouse", "stock_record"):
        sku, code = row.stock_record.partner_sku, row.warehouse.code
        yield f"{sku} in {code}: {row.reserved} reserved, orders wait for {row.to_send}"


@invariant("fulfilment: nothing is to be sent that the order does not hold")
def consigned_is_held() -> Iterator[str]:
    lines = (
        Line.objects.annotate(
            to_send=Sum(
                F("consigned__quantity") - F("consigned__left"),
                filter=Q(consigned__consignment__state__in=OPEN),
            )
        )
        .filter(to_send__gt=F("num_allocated"))
        .select_related("order")
    )
    for line in lines:
        yield f"{line.order.number}: {line.to_send} x {line.partner_sku} of {line.num_allocated}"
    ended = Consignment.objects.filter(state__in=OPEN).exclude(order__status__in=HOLDING)
    for one in ended.select_related("order", "warehouse"):
        yield f"{one.order.number} is {one.order.status}, {one.warehouse.code} is to send it"


@invariant("fulfilment: what left a warehouse is what its parcels hold")
def left_is_in_parcels() -> Iterator[str]:
    gone = (
        ShipmentLine.objects.filter(
            shipment__consignment=OuterRef("consignment"),
            order_line=OuterRef("order_line"),
            shipment__shipped_at__isnull=False,
        )
        .order_by()
        .values("order_line")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    lines = ConsignmentLine.objects.annotate(gone=Coalesce(Subquery(gone), 0))
    for line in lines.exclude(gone=F("left")).select_related("consignment__order", "order_line"):
        number, sku = line.consignment.order.number, line.order_line.partner_sku
        yield f"{number}: {line.left} x {sku} left, parcels hold {line.gone}"


@invariant("fulfilment: a wave that is done leaves nobody to pick")
def done_waves_are_picked() -> Iterator[str]:
    rows = Wave.objects.filter(
        state=WaveState.DONE, consignments__state=ConsignmentState.PICKING
    ).distinct()
    for wave in rows:
        yield f"{wave} is done and has orders to pick"
