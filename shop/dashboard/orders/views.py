"""The list of orders and one order. What changes them is in `shop.dashboard.orders.actions`."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.fulfilment.models import Shipment, ShipmentLine
from orders.life.selectors import hold_of, messages_of
from orders.life.timeline import LANES, order_timeline
from orders.models import Line, Order, ShippingAddress
from orders.papers.selectors import papers_of
from orders.tax_words import order_taxes
from payments.gateways import gateway
from payments.models import PaymentIntent
from payments.selectors import intent_shown, intents_of_order, standing
from shop.core.levels import Mask, mask_now, masked
from shop.core.names import name_shown
from shop.core.office import csv_response, may
from shop.dashboard.orders import forms, selectors
from shop.dashboard.orders.steps import is_bookable, leaves_before_money, steps_of
from shop.dashboard.selectors import WorkCounts, work_counts

PAGE_SIZE = 40
LINES_SHOWN = 3


def order_list(request: HttpRequest) -> HttpResponse:
    """Saved views as tabs; search and dates narrow the open one."""
    view = _view_code(request)
    form = forms.OrderFilterForm(request.GET or None)
    rows = selectors.orders_find(view=view, **_criteria(form))
    page = Paginator(rows.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    may_pack = may(request.user, "orders-pack", "POST")
    may_print = may(request.user, "orders-slips", "POST")
    context = {
        "view": view,
        "tabs": view_tabs(work_counts(), view),
        "form": form,
        "keep": {"view": view},
        "reset_url": f"{request.path}?view={view}" if is_narrowed(request) else "",
        "page_obj": page,
        "rows": order_rows(page.object_list),
        "query": request.GET.urlencode(),
        "may_pack": may_pack,
        "may_take": may(request.user, "draft-new", "POST"),
        "may_print": may_print,
        "may_tick": may_pack or may_print,
    }
    return render(request, "oscar/dashboard/orders/order_list.html", context)


def order_export(request: HttpRequest) -> HttpResponse:
    """The open view as CSV, all its pages."""
    form = forms.OrderFilterForm(request.GET or None)
    rows = selectors.orders_find(view=_view_code(request), **_criteria(form))
    head = ["number", "placed", "state", "email", "name", "city", "country", "lines", "units"]
    head += ["total_excl_tax", "total_incl_tax", "currency", "payment"]
    return csv_response(
        name=f"orders-{timezone.localdate():%Y-%m-%d}",
        head=head,
        rows=_export_rows(selectors.orders_with_rows(rows).iterator(chunk_size=500), mask_now()),
    )


def order_detail(
    request: HttpRequest, number: str, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One order: its story and lines on the left, person and money on the right.

    ``bound``: a form that was refused, by its name, so that nothing typed is lost.
    """
    order = get_object_or_404(
        Order.objects.select_related(
            "user", "shipping_address__country", "facts", "sums", "draft__taken_by", "fraud"
        ),
        number=number,
    )
    intents = list(intents_of_order(order.number))
    for intent in intents:
        intent.paid_by = gateway(intent.gateway).label
        intent.is_bookable = is_bookable(intent)
        intent.is_askable = gateway(intent.gateway).is_hosted
    money = standing(intents)
    lane = request.GET.get("lane", "") if request.GET.get("lane") in LANES else ""
    written = list(messages_of(order))
    lines, hold = _lines_with_stock(order), hold_of(order)
    may_see_papers = may(request.user, "paper-file")
    context = {
        "order": order,
        "hold": hold,
        "lines": lines,
        "taxes": order_taxes(order, lines, is_added=False),
        "shipments": list(_shipments(order)),
        "intents": intents,
        "refundable": money.kept,
        "covered": money.covered,
        "moments": order_timeline(order, lane=lane),
        "lane": lane,
        "lanes": _lanes(request, lane),
        "messages_shown": written,
        "is_answer_due": any(not one.is_ours and not one.closed_at for one in written),
        "discounts": order.discounts.all(),
        "may_see_money": may(request.user, "payment-list"),
        "may_see_books": may(request.user, "book-order"),
        "may_see_stock": may(request.user, "stock-detail"),
        "may_see_customer": may(request.user, "user-detail"),
        "may_see_papers": may_see_papers,
        "may_print": may(request.user, "order-slip"),
        "papers": papers_of(order) if may_see_papers else [],
        "may_note": may(request.user, "order-note", "POST"),
        "may_see_fraud": may(request.user, "fraud-detail"),
        "may_repeat": may(request.user, "draft-again", "POST"),
        "may_write": may(request.user, "order-message", "POST"),
        "message_form": forms.MessageForm(auto_id="message_%s"),
        "steps": steps_of(order=order, intents=intents, hold=hold, user=request.user),
        "note_form": forms.NoteForm(auto_id="note_%s"),
        "ship_form": forms.ShipForm(auto_id="ship_%s"),
        "hold_form": forms.HoldForm(auto_id="hold_%s"),
        "release_form": forms.ReleaseForm(auto_id="release_%s"),
        "cancel_form": forms.CancelForm(auto_id="cancel_%s"),
        "refund_form": forms.RefundForm(
            left=money.kept, currency=order.currency, auto_id="refund_%s"
        ),
    } | (bound or {})
    status = 422 if bound else 200
    return render(request, "oscar/dashboard/orders/order_detail.html", context, status=status)


def _lanes(request: HttpRequest, current: str) -> list[dict]:
    """The lanes of the story as `components/tabs.html` takes them."""
    names = {"": _("All lanes"), "information": _("Information"), "money": _("Money")}
    names["goods"] = _("Goods")
    return [
        {
            "name": name,
            "url": f"{request.path}?lane={lane}#story" if lane else f"{request.path}#story",
            "count": "",
            "is_current": lane == current,
        }
        for lane, name in names.items()
    ]


def view_tabs(counts: WorkCounts, current: str, *, only: Iterable[str] = ()) -> list[dict]:
    """The saved views as `components/tabs.html` takes them."""
    link = reverse("dashboard:order-list")
    return [
        {
            "name": view.name,
            "url": f"{link}?view={view.code}",
            "count": getattr(counts, view.count) if view.count else "",
            "is_current": view.code == current,
            "code": view.code,
        }
        for view in selectors.VIEWS.values()
        if (not view.is_hidden or view.code == current) and (not only or view.code in only)
    ]


def order_rows(ids: Iterable[int]) -> list[dict]:
    """What a table shows of the orders with these ids, in their order. Five queries."""
    ids = list(ids)
    found = selectors.orders_with_rows(Order.objects.filter(pk__in=ids)).in_bulk()
    orders = [found[pk] for pk in ids if pk in found]
    intents = selectors.intents_by_order(orders)
    return [_row(order, intents.get(order.number, [])) for order in orders]


def _name(address: ShippingAddress | None) -> str:
    return name_shown(address.first_name, address.last_name) if address else ""


def _row(order: Order, intents: list[PaymentIntent]) -> dict:
    intent = intent_shown(intents)
    lines = list(order.lines.all())
    address = order.shipping_address
    return {
        "order": order,
        "who": masked(_name(address), "name") or masked(order.email, "email"),
        "where": address.line4 if address else "",
        "lines": lines[:LINES_SHOWN],
        "more": max(len(lines) - LINES_SHOWN, 0),
        "intent": intent,
        "paid_by": gateway(intent.gateway).label if intent else "",
        "pays_at_door": leaves_before_money(order, intents),
    }


def _view_code(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in selectors.VIEWS else "all" if is_narrowed(request) else "to_pack"


def is_narrowed(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in forms.OrderFilterForm.base_fields)


def _criteria(form: forms.OrderFilterForm) -> dict:
    return form.criteria() if form.is_bound else {}


def _lines_with_stock(order: Order) -> list[Line]:
    lines = order.lines.select_related("product__parent", "stockrecord").order_by("pk")
    left = Sum("shipped_in__quantity", filter=Q(shipped_in__shipment__shipped_at__isnull=False))
    return list(lines.annotate(units_shipped=left))


def _shipments(order: Order):
    lines = ShipmentLine.objects.select_related("order_line")
    return (
        Shipment.objects.filter(order=order)
        .select_related("shipped_by", "warehouse")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("shipped_at", "pk")
    )


def _export_rows(orders: Iterable[Order], mask: Mask) -> Iterator[list]:
    for order in orders:
        address, lines = order.shipping_address, list(order.lines.all())
        yield [
            order.number,
            timezone.localtime(order.date_placed).isoformat(timespec="minutes"),
            order.status,
            mask(order.email, "email"),
            mask(_name(address), "name"),
            address.line4 if address else "",
            address.country_id if address else "",
            len(lines),
            sum(line.quantity for line in lines),
            order.total_excl_tax,
            order.total_incl_tax,
            order.currency,
            order.facts.payment_method,
        ]
