"""Packing slips in the order's language. Not frozen and not numbered: they show what has to be packed now."""

from collections.abc import Iterable
from typing import Any

import segno
from django.conf import settings
from django.db.models import Prefetch, Q, Sum
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.checkout.countries import address_lines
from orders.models import Line, Order
from orders.papers.wording import language_tags
from orders.shipping.repository import method_name
from shop.core.names import name_shown

MOST = 200  # orders on one print


def orders_to_send(numbers: Iterable[str]) -> list[Order]:
    """Those of the orders that go into a parcel, in the order of their coming. Four queries."""
    gone = Sum("shipped_in__quantity", filter=Q(shipped_in__shipment__shipped_at__isnull=False))
    lines = Line.objects.select_related(
        "product__product_class", "product__parent__product_class"
    ).order_by("pk")
    lines = lines.annotate(units_gone=gone)
    rows = (
        Order.objects.filter(number__in=list(numbers), shipping_address__isnull=False)
        .select_related("facts", "shipping_address", "user")
        .prefetch_related(Prefetch("lines", lines))
    )
    return list(rows.order_by("date_placed", "pk"))


def slips_data(orders: Iterable[Order]) -> dict[str, Any]:
    """For the template ``slips``; at least one order."""
    slips = [_slip(order) for order in orders]
    one = slips[0]
    title = f"{one['kind']} {one['number']}" if len(slips) == 1 else _("Packing slips")
    own = one if len(slips) == 1 else language_tags(get_language() or "en")
    return {
        **{key: own[key] for key in ("lang", "region") if key in own},
        "title": title,
        "shop": settings.OSCAR_SHOP_NAME,
        "slips": slips,
    }


def order_who(order: Order) -> str:
    """The receiver and where that is, on one line."""
    address = order.shipping_address
    who = name_shown(address.first_name, address.last_name)
    return " · ".join(filter(None, [who, address.line4, address.country_id]))


def _slip(order: Order) -> dict[str, Any]:
    with translation.override(order.facts.language):
        lines = _units_here([line for line in order.lines.all() if _is_packed(line)])
        method = method_name(order.shipping_code, default=order.shipping_method)
        code = segno.make(order.number, error="m", micro=False)
        return {
            **language_tags(order.facts.language),
            "kind": _("Packing slip"),
            "number": order.number,
            "code": code.svg_inline(border=0, dark="#1d1a17"),
            "to": _("Delivery to"),
            "address": address_lines(order.shipping_address),
            "facts": [
                [_("Order"), order.number],
                [
                    _("Ordered on"),
                    date_format(timezone.localtime(order.date_placed), "DATE_FORMAT"),
                ],
                [_("Delivery"), method],
            ],
            "note-label": _("For the courier:"),
            "note": order.shipping_address.notes or "",
            "columns": [_("Units"), _("Product"), "SKU"],
            "rows": [
                {"title": title_of(line), "sku": line.partner_sku, "quantity": str(units)}
                for line, units in lines
            ],
            "units": units_said(sum(units for _line, units in lines)),
            "thanks": _("Thank you for your order. We hope that you like it."),
            "footer": settings.SELLER["contact"],
        }


def _units_here(lines: list[Line]) -> list[tuple[Line, int]]:
    """Of each what has not left yet; once all have, a slip is printed again with all."""
    here = [(line, line.quantity - (line.units_gone or 0)) for line in lines]
    return [(line, units) for line, units in here if units > 0] or [
        (line, line.quantity) for line in lines
    ]


def _is_packed(line: Line) -> bool:
    """Downloads, services and gift cards go in no parcel."""
    return line.product is None or line.product.get_product_class().requires_shipping


def title_of(line: Line) -> str:
    """What it is called, or was when it was ordered."""
    return line.product.get_title() if line.product else line.title


def units_said(count: int) -> str:
    """``3 units``."""
    return ngettext("%(number)d unit", "%(number)d units", count) % {"number": count}
