"""Reading what is to be sent, for the back office."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.fulfilment.models import (
    OPEN,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Shipment,
    Wave,
    WaveState,
)
from orders.fulfilment.selectors import orders_unrouted, units_to_route
from orders.life.selectors import is_held
from orders.models import Line, Order


@dataclass(frozen=True)
class View:
    code: str
    name: str | Promise
    rows: Callable[[], QuerySet[Consignment]] | None  # None: orders that no warehouse has yet


def _in(state: ConsignmentState) -> Callable[[], QuerySet[Consignment]]:
    return lambda: Consignment.objects.filter(state=state)


VIEWS = {
    view.code: view
    for view in (
        View("unrouted", _("To route"), None),
        View("routed", _("To pick"), _in(ConsignmentState.ROUTED)),
        View("picking", _("Being picked"), _in(ConsignmentState.PICKING)),
        View("picked", _("At the packing table"), _in(ConsignmentState.PICKED)),
        View("packed", pgettext_lazy("parcels", "At the door"), _in(ConsignmentState.PACKED)),
    )
}


def views_counted() -> dict[str, int]:
    """Rows of each view. Two queries."""
    states = Consignment.objects.filter(state__in=OPEN).order_by().values_list("state")
    return dict(states.annotate(n=Count("pk"))) | {"unrouted": orders_unrouted().count()}


def sending_find(
    *, view: str, text: str = "", warehouse_id: int | None = None
) -> QuerySet[Consignment] | QuerySet[Order]:
    """The rows of a view, the oldest order first: orders where nobody has them yet."""
    rows_of = VIEWS[view].rows
    if rows_of is None:
        orders = orders_unrouted().annotate(units=units_to_route())
        if text:
            sku = Line.objects.filter(order=OuterRef("pk"), partner_sku__iexact=text)
            orders = orders.filter(Q(number__icontains=text) | Exists(sku))
        return orders.select_related("shipping_address__country").order_by("date_placed", "pk")
    rows = rows_of()
    if warehouse_id:
        rows = rows.filter(warehouse=warehouse_id)
    if text:
        sku = ConsignmentLine.objects.filter(
            consignment=OuterRef("pk"), order_line__partner_sku__iexact=text
        )
        rows = rows.filter(Q(order__number__icontains=text) | Exists(sku))
    held = Order.objects.filter(is_held(), pk=OuterRef("order"))
    return (
        rows.annotate(units=Sum(F("lines__quantity") - F("lines__left")), is_held=Exists(held))
        .select_related("order__shipping_address__country", "warehouse", "wave")
        .order_by("order__date_placed", "pk")
    )


def waves_find(*, is_open: bool) -> QuerySet[Wave]:
    """With ``orders``, and ``waiting``: how many of them are still to pick."""
    rows = Wave.objects.filter(state=WaveState.OPEN if is_open else WaveState.DONE)
    waits = Q(consignments__state=ConsignmentState.PICKING)
    return (
        rows.annotate(orders=Count("consignments"), waiting=Count("consignments", filter=waits))
        .select_related("warehouse", "picker")
        .order_by("created_at" if is_open else "-done_at", "-pk")
    )


def consignment_read(pk: int) -> Consignment | None:
    """With its order, its lines with products, and its boxes with theirs."""
    lines = ConsignmentLine.objects.select_related("order_line__product__parent").order_by("pk")
    boxes = Shipment.objects.order_by("pk").prefetch_related("lines__order_line__product__parent")
    return (
        Consignment.objects.filter(pk=pk)
        .select_related("order__shipping_address__country", "warehouse", "wave", "routed_by")
        .prefetch_related(Prefetch("lines", lines), Prefetch("parcels", boxes))
        .first()
    )
