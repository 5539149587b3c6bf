"""The rows of a list of orders: read in four queries without what nobody looks at, written cell by cell.

A page has three hundred cells. In a template each would ask what it is; here each column is a function,
which takes a tenth of the time. What many rows share (chips, heads of cells, the form of a moment) is made
once for a page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from orders.life.selectors import is_held
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

DateFormat = Callable[[Any], str]
LINES_SHOWN = 3
#: A telephone number is parsed as it is read, which takes longer than all the rest.
READ = (
    *("number", "date_placed", "status", "currency", "total_incl_tax", "guest_email"),
    *("shipping_code", "shipping_method", "user__email", "facts__promised_until"),
    *(f"shipping_address__{name}" for name in ("first_name", "last_name", "line4")),
)
PLACE = "0"  # where an order's number goes in its address
TONES = {
    **dict.fromkeys((OrderState.PAID, OrderState.DELIVERED, IntentState.CAPTURED), "good"),
    **dict.fromkeys(
        (OrderState.PACKED, OrderState.SHIPPED, IntentState.AUTHORISED, IntentState.OPEN), "info"
    ),
    **dict.fromkeys((OrderState.PENDING, IntentState.NEW, IntentState.CANCELLING), "warn"),
    **dict.fromkeys((IntentState.FAILED, OrderState.UNDELIVERED), "hot"),
}
DASH = SafeString('<span class="muted">–</span>')


@dataclass(frozen=True)
class Row:
    """What is known of one order. ``lines`` are titles with units."""

    order: Order
    lines: Sequence[tuple[str, int]]
    intents: Sequence[PaymentIntent]
    shared: "Shared"


@dataclass(frozen=True)
class Shared:
    """What all rows of a page have in common, in the reader's language."""

    language: str
    states: dict[str, str]
    moment: DateFormat
    day: DateFormat
    url: tuple[str, str]  # of an order, around its number
    chips: dict[Any, SafeString] = field(default_factory=dict)

    def chip(self, key: Any, make: Callable[[], SafeString]) -> SafeString:
        found = self.chips.get(key)
        if found is None:
            found = self.chips[key] = make()
        return found


def order_rows(ids: Iterable[int], *, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What a table shows of the orders with these ids, in their order: ``number`` and its ``cells``.

    ``columns``: codes of `COLUMNS`, the usual ones when left out.
    """
    ids = list(ids)
    if not ids:
        return []
    wanted = [*READ, "shipping_address__phone_number"] if "contact" in columns else READ
    rows = Order.objects.select_related("user", "shipping_address", "facts").only(*wanted)
    found = rows.annotate(is_held=is_held()).in_bulk(ids)
    orders = [found[pk] for pk in ids if pk in found]
    intents = selectors.intents_by_order(orders)
    lines = _lines_of(ids)
    shared = _shared()
    shown_columns = [(COLUMNS[code].said, _opening(COLUMNS[code])) for code in columns or USUAL]
    rows = []
    for order in orders:
        row = Row(order, lines.get(order.pk, ()), intents.get(order.number, []), shared)
        cells = [
            f"{opening}{conditional_escape(said(row))}</td>" for said, opening in shown_columns
        ]
        rows.append({"number": order.number, "cells": SafeString("".join([_head(row), *cells]))})
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


def _shared() -> Shared:
    before, _number, after = reverse("dashboard:order-detail", args=[PLACE]).rpartition(PLACE)
    return Shared(
        language=get_language() or "en",
        states={state.value: str(state.label) for state in OrderState},
        moment=_format("SHORT_DATETIME_FORMAT"),
        day=_format("SHORT_DATE_FORMAT"),
        url=(before, after),
    )


def _format(name: str) -> DateFormat:
    pattern = get_format(name)
    return lambda moment: dateformat.format(moment, pattern)


def _label(code: str) -> str:
    return str(COLUMNS[code].name)


def _head(row: Row) -> str:
    order, (before, after) = row.order, row.shared.url
    return (
        f'<th scope="row"><a href="{escape(before)}{quote(order.number)}{escape(after)}">'
        f'{escape(order.number)}</a><span class="orders__when">'
        f"{escape(row.shared.moment(timezone.localtime(order.date_placed)))}</span></th>"
    )


def _opening(column: "Column") -> str:
    kind = ' class="table__num"' if column.is_number else ""
    return f'<td{kind} data-label="{escape(column.name)}">'


def _chip(text: str | Promise, tone: str) -> SafeString:
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
    status, shared = row.order.status, row.shared
    at_door = leaves_before_money(row.order, row.intents)
    is_held = row.order.is_held

    def make() -> SafeString:
        said = _("Pays at the door") if at_door else shared.states.get(status, status)
        chip = _chip(said, "info" if at_door else TONES.get(status, ""))
        return format_html(
            "<span>{} {}</span>", chip, _chip(_("On hold"), "hot") if is_held else ""
        )

    return shared.chip((status, at_door, is_held), make)


def _payment(row: Row) -> SafeString:
    intent = intent_shown(row.intents)
    if intent is None:
        return DASH

    def make() -> SafeString:
        return format_html(
            '<span class="orders__paid">{} <span class="muted">{}</span></span>',
            _chip(intent.get_state_display(), TONES.get(intent.state, "")),
            gateway(intent.gateway).label,
        )

    return row.shared.chip((intent.state, intent.gateway), make)


def _delivery(row: Row) -> str:
    order = row.order
    return method_name(order.shipping_code, default=order.shipping_method) or DASH


def _promise(row: Row) -> SafeString:
    day = row.order.facts.promised_until
    if day is None:
        return DASH
    return format_html('<span class="num">{}</span>', row.shared.day(day))


def _total(row: Row) -> str:
    return shown(row.order.total_incl_tax, row.order.currency, row.shared.language)


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
