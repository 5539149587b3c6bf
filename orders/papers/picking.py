"""Pick lists in the reader's language: what is to be fetched, in the order of the bins, with pages of its own for
each warehouse.

Not frozen and not numbered: they show what is to be fetched now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.fulfilment.models import OPEN, ConsignmentLine, ConsignmentState, Wave
from orders.fulfilment.walk import NOWHERE, Stop, wave_stops
from orders.models import Line, Order
from orders.papers.slips import order_who, orders_to_send, title_of, units_said
from orders.papers.wording import language_tags
from orders.shipping.repository import method_name
from supply.models import Bin, Warehouse
from supply.selectors import bins_of

TO_FETCH = (ConsignmentState.ROUTED, ConsignmentState.PICKING)


@dataclass
class _Row:
    """One article at one place, and how many units of it each order waits for."""

    place: tuple[int, str, str]
    bin: str
    sku: str
    title: str
    orders: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def pick_data(orders: Iterable[Order]) -> dict[str, Any] | None:
    """For the template ``pick``; None if nothing of these orders is still to be fetched. Three queries
    more than the orders."""
    orders = list(orders)
    needs = list(_needs(orders))
    if not needs:
        return None
    waits: dict[str, int] = defaultdict(int)
    for _place, _line, order, units in needs:
        waits[order.number] += units
    return _page(
        kind=_("Pick list"),
        last=_("For the orders"),
        order_head=_("Order"),
        groups=[_group(place, rows, orders, waits) for place, rows in _walked(needs)],
    )


def _group(
    place: Warehouse | None, rows: list[_Row], orders: list[Order], waits: Mapping[str, int]
) -> dict[str, Any]:
    """What one warehouse fetches, and for which orders: some of its units, if others fetch the rest."""
    here: dict[str, int] = defaultdict(int)
    for row in rows:
        for number, units in row.orders.items():
            here[number] += units
    asked = [one for one in orders if one.number in here]
    return {
        "title": place.name if place else _("No warehouse has it yet"),
        "facts": [orders_said(len(asked)), units_said(sum(here.values()))],
        "rows": [_row_said(row) for row in rows],
        "orders": [
            _order_row(one, one.number, here[one.number], waits[one.number]) for one in asked
        ],
    }


def wave_data(wave: Wave) -> dict[str, Any] | None:
    """The walk of a wave for the template ``pick``, each line with its tote; None once all is picked."""
    stops = wave_stops(wave)
    if not stops:
        return None
    units: dict[int, int] = defaultdict(int)
    for stop in stops:
        units[stop.tote] += stop.line.to_pick
    totes = {stop.tote: stop.line.consignment.order.number for stop in stops}
    orders = {one.number: one for one in orders_to_send(totes.values())}
    group = {
        "title": str(wave.warehouse),
        "facts": [orders_said(len(totes)), units_said(sum(units.values()))],
        "rows": [_stop_said(stop) for stop in stops],
        "orders": [
            _order_row(orders[number], f"{tote} · {number}", units[tote], units[tote])
            for tote, number in sorted(totes.items())
            if number in orders
        ],
    }
    return _page(
        kind=" ".join([_("Pick list"), str(wave)]),
        last=_("Tote"),
        order_head=_("Tote"),
        groups=[group],
    )


def _page(*, kind: str, last: str, order_head: str, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """``groups``: one for each warehouse; ``facts`` of each is said with the moment."""
    now = timezone.localtime()
    moment = date_format(now, "DATETIME_FORMAT")
    return {
        **language_tags(get_language() or "en"),
        "title": " ".join([kind, date_format(now, "SHORT_DATETIME_FORMAT")]),
        "shop": settings.OSCAR_SHOP_NAME,
        "kind": kind,
        "columns": [_("Bin"), _("Units"), _("Product"), last],
        "groups": [{**one, "facts": " · ".join([moment, *one["facts"]])} for one in groups],
        "orders-title": _("Orders"),
        "order-columns": [order_head, _("Customer"), _("Delivery"), _("Units")],
    }


def orders_said(count: int) -> str:
    """``3 orders``."""
    return ngettext("%(number)d order", "%(number)d orders", count) % {"number": count}


def _needs(orders: list[Order]) -> Iterator[tuple[Warehouse | None, Line, Order, int]]:
    """Units that nobody fetched yet, by the warehouse that is to send them; None: none is to yet."""
    parts = (
        ConsignmentLine.objects.filter(consignment__order__in=orders, consignment__state__in=OPEN)
        .select_related("consignment__warehouse")
        .order_by("pk")
    )
    by_line: dict[int, list[ConsignmentLine]] = defaultdict(list)
    for part in parts:
        by_line[part.order_line_id].append(part)
    for order in orders:
        for line in order.lines.all():
            routed = 0
            for part in by_line[line.pk]:
                routed += part.quantity - part.left
                if part.consignment.state in TO_FETCH and part.to_pick:
                    yield part.consignment.warehouse, line, order, part.to_pick
            left = (line.num_allocated or 0) - routed
            if left > 0 and line.stockrecord_id:
                yield None, line, order, left


def _walked(
    needs: list[tuple[Warehouse | None, Line, Order, int]],
) -> list[tuple[Warehouse | None, list[_Row]]]:
    """By warehouse, then along its bins. Two lines of one record share what a bin holds."""
    shelves: dict[tuple[int, int], list[list[Any]]] = defaultdict(list)
    records = {line.stockrecord_id for _place, line, _order, _units in needs if line.stockrecord_id}
    for stock in bins_of(records):
        shelves[stock.bin.warehouse_id, stock.stock_record_id].append([stock.bin, stock.units])
    places: dict[int, Warehouse | None] = {}
    rows: dict[tuple[int, str, int], _Row] = {}
    for place, line, order, units in needs:
        pk = place.pk if place else 0
        places[pk] = place
        there = shelves[pk, line.stockrecord_id or 0]
        for shelf, number in _taken(there, units):
            key = (pk, shelf.code if shelf else "", line.stockrecord_id or -line.pk)
            rank, code = (shelf.rank, shelf.code) if shelf else (NOWHERE, "")
            at = (rank, code, line.partner_sku)
            row = rows.setdefault(key, _Row(at, code, line.partner_sku, title_of(line)))
            row.orders[order.number] += number
    found = [
        (
            place,
            sorted((row for key, row in rows.items() if key[0] == pk), key=lambda one: one.place),
        )
        for pk, place in places.items()
    ]
    return sorted(found, key=lambda one: (one[0] is None, one[0].rank if one[0] else 0))


def _taken(there: list[list[Any]], units: int) -> Iterator[tuple[Bin | None, int]]:
    """From the first bin that has them all, else from one after the other; None: written down nowhere."""
    whole = next((one for one in there if one[1] >= units), None)
    for shelf in [whole] if whole else there:
        number = min(units, shelf[1])
        if number > 0:
            shelf[1] -= number
            units -= number
            yield shelf[0], number
    if units:
        yield None, units


def _row_said(one: _Row) -> dict[str, str]:
    return {
        "bin": one.bin or "–",
        "quantity": str(sum(one.orders.values())),
        "sku": one.sku,
        "title": one.title,
        "orders": ", ".join(
            f"{number} × {units}" if units > 1 else number for number, units in one.orders.items()
        ),
    }


def _stop_said(stop: Stop) -> dict[str, str]:
    line = stop.line.order_line
    also = _("also in %(bins)s") % {"bins": ", ".join(stop.also)} if stop.also else ""
    return {
        "bin": stop.bin.code if stop.bin else "–",
        "quantity": str(stop.line.to_pick),
        "sku": " · ".join(filter(None, [line.partner_sku, also])),
        "title": title_of(line),
        "orders": f"{stop.tote} · {stop.line.consignment.order.number}",
    }


def _order_row(order: Order, name: str, units: int, of: int) -> dict[str, str]:
    """``of``: units of the order that wait anywhere."""
    return {
        "number": name,
        "who": order_who(order),
        "method": method_name(order.shipping_code, default=order.shipping_method),
        "units": str(units) if units == of else f"{units} / {of}",
    }
