"""The row of the rate table that an order is sent by, and what it promises if it is ready to go now."""

from dataclasses import replace
from decimal import Decimal

from catalog.pricing.lists import groups_of
from orders.models import Order
from orders.rates.loads import load_of
from orders.rates.selectors import point_of
from orders.rates.sheet import Load, RateRow, Sheet, ZoneRow, sheet_now
from orders.shipping.methods import ZoneRate
from orders.shipping.repository import POINT, is_by_value, method_made


def row_of_order(order: Order, *, grams: int | None = None) -> RateRow | None:
    """The row of its method that takes it, else the first of its method; None where there is none now.

    ``grams``: what one parcel of it weighs, where that is known. No query but for what the zone asks,
    and one for the point that it goes to.
    """
    zone = _zone(order)
    rows = _rows(order, zone) if zone else []
    if zone is None or not rows:
        return None
    load, way = _load(order, zone), ZoneRow(zone.code, zone.countries, tuple(rows))
    fits = way.rates_for(load)
    if grams:
        weighed = Load(grams, 0, load.value, load.is_bulky, load.groups)
        fits = way.rates_for(weighed) or fits
    return (fits or rows)[0]


def way_of_order(order: Order) -> ZoneRate | None:
    """How it is sent, with the working days that this takes by the table of today."""
    address, zone = order.shipping_address, _zone(order)
    row = row_of_order(order)
    if row is None or zone is None or address is None:
        return None
    return method_made(
        sheet_now(),
        row,
        country=address.country_id,
        postcode=(address.postcode or "").upper().replace(" ", ""),
        load=_load(order, zone),
    )


def _zone(order: Order) -> ZoneRow | None:
    address = order.shipping_address
    return sheet_now().zone_of(address.country_id) if address else None


def _rows(order: Order, zone: ZoneRow) -> list[RateRow]:
    code, sheet = order.shipping_code, sheet_now()
    rates = [replace(row, is_hidden=False) for row in zone.rates]  # of what it was once sold with
    if not code.startswith(POINT):
        return [row for row in rates if row.method == code]
    point = point_of(code.removeprefix(POINT))
    carrier = point.carrier if point else ""
    rows = [row for row in rates if _is_to_point(sheet, row)]
    return [row for row in rows if not carrier or row.carrier in ("", carrier)]


def _is_to_point(sheet: Sheet, row: RateRow) -> bool:
    known = sheet.methods.get(row.method)
    return known is not None and known.to_point


def _load(order: Order, zone: ZoneRow) -> Load:
    """As the checkout weighed and valued it; only what the zone or a surcharge asks for."""
    lines = order.lines.select_related("product__product_class", "product__parent__product_class")
    asks = zone.asks_weight or bool(sheet_now().surcharges)
    things = [(line.product, line.quantity) for line in lines] if asks else []
    grams, litres, is_bulky = load_of(things) if things else (0, 0, False)
    value = _value(order) if is_by_value(order.shipping_address.country_id) else Decimal(0)
    groups = groups_of(order.user_id) if zone.asks_group else frozenset()
    return Load(grams, litres, value, is_bulky, groups)


def _value(order: Order) -> Decimal:
    """Of its lines, as they were shown, in the shop's own currency."""
    sums = getattr(order, "sums", None)
    is_added = sums is not None and sums.is_tax_added
    shown = order.basket_total_excl_tax if is_added else order.basket_total_incl_tax
    return round(shown / sums.rate, 2) if sums is not None else shown
