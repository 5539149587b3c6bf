"""The rows of a list of orders: read in four queries without what nobody looks at, written cell by cell.

A page has three hundred cells. In a template each would ask what it is; here each column is a function,
which takes a tenth of the time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from orders.models import Line, Order, ShippingAddress
from orders.shipping.repository import method_name
from orders.states import OrderState
from payments.gateways import gateway
from payments.models import IntentState, PaymentIntent
from payments.selectors import intent_shown
from shop.core.levels import masked
from shop.core.money import shown
from shop.core.names import name_shown
from shop.dashboard.orders import selectors
from shop.dashboard.orders.steps import leaves_before_money

LINES_SHOWN = 3
TONES = {
    **dict.fromkeys((OrderState.PAID, OrderState.DELIVERED, IntentState.CAPTURED), "good"),
    **dict.fromkeys(
        (OrderState.PACKED, OrderState.SHIPPED, IntentState.AUTHORISED, IntentState.OPEN), "info"
    ),
    **dict.fromkeys((OrderState.PENDING, IntentState.NEW, IntentState.CANCELLING), "warn"),
    IntentState.FAILED: "hot",
}
DASH = SafeString('<span class="muted">–</span>')


@dataclass(frozen=True)
class Row:
    """What is known of one order. ``lines`` are titles with units."""

    order: Order
    lines: Sequence[tuple[str, int]]
    intents: Sequence[PaymentIntent]
    words: dict[str, str]  # that all rows share, in the reader's language


def order_rows(ids: Iterable[int], *, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What a table shows of the orders with these ids, in their order: ``number`` and ``cells``.

    ``columns``: codes of `COLUMNS`, the usual ones when left out.
    """
    ids = list(ids)
    found = selectors.orders_with_rows(
        Order.objects.filter(pk__in=ids), with_phone="contact" in columns
    ).in_bulk()
    orders = [found[pk] for pk in ids if pk in found]
    intents = selectors.intents_by_order(orders)
    lines = _lines_of(ids)
    words = {state.value: str(state.label) for state in OrderState}
    words |= {
        "language": get_language() or "en",
        "held": _("On hold"),
        "door": _("Pays at the door"),
    }
    shown_columns = [(COLUMNS[code], _label(code)) for code in columns or USUAL]
    rows = []
    for order in orders:
        row = Row(order, lines.get(order.pk, ()), intents.get(order.number, []), words)
        cells = [_cell(column, label, row) for column, label in shown_columns]
        rows.append({"number": order.number, "head": _head(order), "cells": cells})
    return rows


def heads_of(columns: Sequence[str]) -> list[dict[str, Any]]:
    """The heads over `order_rows`."""
    return [
        {"code": code, "label": _label(code), "is_number": COLUMNS[code].is_number}
        for code in columns or USUAL
    ]


def name_of(address: ShippingAddress | None) -> str:
    return name_shown(address.first_name, address.last_name) if address else ""


def _lines_of(ids: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Titles in the reader's language and units, by order. One query, without the products."""
    languages = dict.fromkeys([get_language() or "en", settings.LANGUAGE_CODE, "en"])
    names = [f"title_{code.replace('-', '_')}" for code in languages]
    ways = [f"product__{name}" for name in names] + [f"product__parent__{name}" for name in names]
    wanted = [f"product__{names[0]}", f"product__parent__{names[0]}", *ways]
    titles = {f"said_{place}": F(way) for place, way in enumerate(dict.fromkeys(wanted))}
    rows = Line.objects.filter(order__in=ids).order_by("pk").annotate(**titles)
    found: dict[int, list[tuple[str, int]]] = {}
    for order, units, title, *said in rows.values_list("order", "quantity", "title", *titles):
        found.setdefault(order, []).append((next(filter(None, said), title), units))
    return found


def _label(code: str) -> str:
    return str(COLUMNS[code].name)


def _head(order: Order) -> SafeString:
    return format_html(
        '<th scope="row"><a href="{}">{}</a><span class="orders__when">{}</span></th>',
        reverse("dashboard:order-detail", args=[order.number]),
        order.number,
        date_format(timezone.localtime(order.date_placed), "SHORT_DATETIME_FORMAT"),
    )


def _cell(column: "Column", label: str, row: Row) -> SafeString:
    kind = SafeString(' class="table__num"') if column.is_number else ""
    return format_html('<td{} data-label="{}">{}</td>', kind, label, column.said(row))


def _chip(text: str, tone: str) -> SafeString:
    return format_html('<span class="chip{}">{}</span>', f" chip--{tone}" if tone else "", text)


def _customer(row: Row) -> SafeString:
    address = row.order.shipping_address
    who = masked(name_of(address), "name") or masked(row.order.email, "email")
    place = address.line4 if address else ""
    return format_html("<span>{}</span>", " · ".join(filter(None, [who, place])))


def _contact(row: Row) -> SafeString:
    address = row.order.shipping_address
    phone = str(address.phone_number) if address and address.phone_number else ""
    return format_html(
        '<span>{}<span class="orders__when">{}</span></span>',
        masked(row.order.email, "email"),
        masked(phone, "phone"),
    )


def _lines(row: Row) -> SafeString:
    text = " · ".join(f"{title} ×{units}" for title, units in row.lines[:LINES_SHOWN])
    more = len(row.lines) - LINES_SHOWN
    if more > 0:
        text += " " + ngettext("and %(number)s more", "and %(number)s more", more) % {
            "number": more
        }
    return format_html('<span class="orders__lines">{}</span>', text)


def _units(row: Row) -> int:
    return sum(units for _title, units in row.lines)


def _state(row: Row) -> SafeString:
    status = row.order.status
    if leaves_before_money(row.order, row.intents):
        chip = _chip(row.words["door"], "info")
    else:
        chip = _chip(row.words.get(status, status), TONES.get(status, ""))
    held = _chip(row.words["held"], "hot") if row.order.is_held else ""
    return format_html("<span>{} {}</span>", chip, held)


def _payment(row: Row) -> SafeString:
    intent = intent_shown(row.intents)
    if intent is None:
        return DASH
    return format_html(
        '<span class="orders__paid">{} <span class="muted">{}</span></span>',
        _chip(intent.get_state_display(), TONES.get(intent.state, "")),
        gateway(intent.gateway).label,
    )


def _delivery(row: Row) -> str:
    order = row.order
    return method_name(order.shipping_code, default=order.shipping_method) or DASH


def _promise(row: Row) -> SafeString:
    day = row.order.facts.promised_until
    if day is None:
        return DASH
    return format_html('<span class="num">{}</span>', date_format(day, "SHORT_DATE_FORMAT"))


def _total(row: Row) -> str:
    return shown(row.order.total_incl_tax, row.order.currency, row.words["language"])


@dataclass(frozen=True)
class Column:
    """``said``: what stands in its cell."""

    name: str | Promise
    said: Callable[[Row], Any]
    is_number: bool = False


#: In the order in which they stand; the order's number comes first and is never left out.
COLUMNS = {
    "customer": Column(gettext_lazy("Customer"), _customer),
    "contact": Column(gettext_lazy("E-mail and phone"), _contact),
    "lines": Column(gettext_lazy("Lines"), _lines),
    "units": Column(gettext_lazy("Units"), _units, is_number=True),
    "state": Column(gettext_lazy("State"), _state),
    "payment": Column(gettext_lazy("Payment"), _payment),
    "delivery": Column(gettext_lazy("Delivery"), _delivery),
    "promise": Column(gettext_lazy("Promise"), _promise),
    "total": Column(gettext_lazy("Total"), _total, is_number=True),
}
USUAL = ("customer", "lines", "state", "payment", "promise", "total")
WITHOUT_CUSTOMER = USUAL[1:]
