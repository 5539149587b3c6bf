"""Packing slips in the order's language: one for each box, and one for what is in none yet.

Not frozen and not numbered: they show what is packed, or has to be packed, now.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.db.models import F, Prefetch
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.checkout.countries import address_lines
from orders.fulfilment.models import Shipment
from orders.models import Line, Order
from orders.papers.wording import language_tags
from orders.shipping.repository import method_name
from shop.core.names import name_shown

MOST = 200  # orders on one print
INK = "#1d1a17"  # as in layouts/look.typ

Units = list[tuple[Line, int]]


@dataclass(frozen=True)
class Pack:
    """What one slip is about: a box, or, without one, what is in none.

    ``place`` among the boxes of its order, from 1; ``total``: how many there are, 0 while some of the
    order is in none. ``is_part``: it is not all of the order.
    """

    order: Order
    units: Units
    box: Shipment | None = None
    place: int = 0
    total: int = 0
    is_part: bool = False


def orders_to_send(numbers: Iterable[str]) -> list[Order]:
    """Those of the orders that go into a parcel, in the order of their coming, with their boxes. Four
    queries.
    """
    lines = Line.objects.select_related(
        "product__product_class", "product__parent__product_class"
    ).order_by("pk")
    closed = Coalesce("packed_at", "shipped_at")  # an open box comes last: its place may change
    boxes = Shipment.objects.order_by(F("closed").asc(nulls_last=True), "pk")
    boxes = boxes.annotate(closed=closed).prefetch_related("lines")
    rows = (
        Order.objects.filter(number__in=list(numbers), shipping_address__isnull=False)
        .select_related("facts", "shipping_address", "user")
        .prefetch_related(Prefetch("lines", lines), Prefetch("shipments", boxes))
    )
    return list(rows.order_by("date_placed", "pk"))


def slips_data(orders: Iterable[Order]) -> dict[str, Any]:
    """For the template ``slips``: what is to be packed and sent of them; at least one order."""
    return _data([pack for order in orders for pack in packs_to_send(order)])


def box_data(order: Order, box: Shipment) -> dict[str, Any] | None:
    """The slip of one box for the template ``slips``; None if nothing is in it."""
    packs = [pack for pack in packs_of(order) if pack.box == box]
    return _data(packs) if packs else None


def packs_of(order: Order) -> list[Pack]:
    """Each box of the order as it was closed, then what is in none. ``order``: of `orders_to_send`."""
    boxed: Counter[int] = Counter()
    lines = {line.pk: line for line in order.lines.all()}
    boxes = []
    for box in order.shipments.all():
        parts = {part.order_line_id: part.quantity for part in box.lines.all()}
        boxed.update(parts)
        inside = [(line, parts[pk]) for pk, line in lines.items() if pk in parts]
        if inside:
            boxes.append((box, inside))
    rest = [(line, line.quantity - boxed[pk]) for pk, line in lines.items() if _is_packed(line)]
    rest = [(line, units) for line, units in rest if units > 0]
    total = 0 if rest else len(boxes)
    packs = [
        Pack(order, inside, box, place, total, is_part=bool(rest) or total > 1)
        for place, (box, inside) in enumerate(boxes, start=1)
    ]
    return [*packs, Pack(order, rest, is_part=bool(boxes))] if rest else packs


def packs_to_send(order: Order) -> list[Pack]:
    """The boxes that have not left, and what is in none; once all has left, its boxes once more.
    At least one."""
    packs = packs_of(order)
    here = [pack for pack in packs if pack.box is None or not pack.box.shipped_at]
    return here or packs or [Pack(order, [])]


def order_who(order: Order) -> str:
    """The receiver and where that is, on one line."""
    address = order.shipping_address
    who = name_shown(address.first_name, address.last_name)
    return " · ".join(filter(None, [who, address.line4, address.country_id]))


def qr_code(text: str) -> str:
    """The picture of a code that a scanner reads, as SVG."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0, dark=INK)


def _data(packs: list[Pack]) -> dict[str, Any]:
    slips = [_slip(pack) for pack in packs]
    if len(slips) == 1:
        (one,) = slips
        own, title = one, " ".join(filter(None, [one["kind"], one["number"], one["part"]]))
    else:
        own, title = language_tags(get_language() or "en"), _("Packing slips")
    return {
        **{key: own[key] for key in ("lang", "region") if key in own},
        "title": title,
        "shop": settings.OSCAR_SHOP_NAME,
        "slips": slips,
    }


def _slip(pack: Pack) -> dict[str, Any]:
    order = pack.order
    with translation.override(order.facts.language):
        method = method_name(order.shipping_code, default=order.shipping_method)
        placed = timezone.localtime(order.date_placed)
        return {
            **language_tags(order.facts.language),
            "kind": _("Packing slip"),
            "number": order.number,
            "part": _place_said(pack),
            "code": qr_code(order.number),
            "to": _("Delivery to"),
            "address": address_lines(order.shipping_address),
            "facts": [
                [_("Order"), order.number],
                [_("Ordered on"), date_format(placed, "DATE_FORMAT")],
                [_("Delivery"), method],
            ],
            "notes": _notes(pack),
            "columns": [_("Units"), _("Product"), "SKU"],
            "rows": [_row(line, units) for line, units in pack.units],
            "units": units_said(sum(units for _line, units in pack.units)),
            "thanks": _("Thank you for your order. We hope that you like it."),
            "footer": settings.SELLER["contact"],
        }


def _place_said(pack: Pack) -> str:
    """``Parcel 1 of 2``; nothing where it is the only one."""
    if pack.box is None or not pack.is_part:
        return ""
    if pack.total:
        words = _("Parcel %(number)s of %(total)s")
        return words % {"number": pack.place, "total": pack.total}
    return _("Parcel %(number)s") % {"number": pack.place}


def _notes(pack: Pack) -> list[list[str]]:
    """What is said before the lines: a label and its words each."""
    notes = []
    if words := pack.order.shipping_address.notes:
        notes.append([_("For the courier:"), words])
    if pack.is_part:
        notes.append([_("A part of your order."), _("The rest comes separately.")])
    return notes


def _row(line: Line, units: int) -> dict[str, str]:
    note = ""
    if units < line.quantity:
        note = _("%(units)d of the %(all)d that you ordered")
        note = note % {"units": units, "all": line.quantity}
    return {
        "title": title_of(line),
        "note": note,
        "sku": line.partner_sku,
        "quantity": str(units),
    }


def _is_packed(line: Line) -> bool:
    """Downloads, services and gift cards go in no parcel."""
    return line.product is None or line.product.get_product_class().requires_shipping


def title_of(line: Line) -> str:
    """What it is called, or was when it was ordered."""
    return line.product.get_title() if line.product else line.title


def units_said(count: int) -> str:
    """``3 units``."""
    return ngettext("%(number)d unit", "%(number)d units", count) % {"number": count}
