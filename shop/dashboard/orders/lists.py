"""The list of orders, what leaves it as a file, and the views of it that people keep."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.desk.exceptions import TooManyViews
from orders.desk.services import desk_view_drop, desk_view_keep
from orders.models import Line, Order
from shop.core.levels import Mask, mask_now
from shop.core.office import csv_response, may
from shop.core.sheets import xlsx_response
from shop.dashboard.orders import forms, listing, selectors
from shop.dashboard.orders import kept as kept_views
from shop.dashboard.orders.bulk import actions_for
from shop.dashboard.orders.rows import COLUMNS, name_of, order_rows
from shop.dashboard.selectors import counts_for

HEAD = [
    *("number", "placed", "state", "email", "name", "city", "country", "lines", "units"),
    *("total_excl_tax", "total_incl_tax", "currency", "payment"),
]


def order_list(
    request: HttpRequest, *, asked: listing.Asked | None = None, **bound: Any
) -> HttpResponse:
    """Saved views as tabs; search and dates narrow the open one. ``bound``: a form that was refused."""
    asked = asked or listing.asked_of(request.GET)
    page = listing.page_read(asked)
    counts = counts_for(request.user)
    kept = kept_views.kept_tabs(request.user, asked)
    may_print = may(request.user, "orders-slips", "POST")
    head, *heads = listing.heads(asked)
    actions = actions_for(request.user, asked.view)
    context = {
        "view": asked.view,
        "tabs": listing.view_tabs(counts, "" if asked.kept_id else asked.view)
        + listing.other_tabs(request.user, counts),
        "kept": kept,
        "kept_open": kept_views.kept_open(kept),
        "form": asked.form,
        "keep": asked.keep,
        "reset_url": f"{asked.path}?view={asked.view}" if asked.is_narrowed else "",
        "newer_url": asked.url(before=page.newer) if page.newer else "",
        "older_url": asked.url(after=page.older) if page.older else "",
        "head": head,
        "heads": heads,
        "column_choices": [
            (code, column.name, code in asked.columns) for code, column in COLUMNS.items()
        ],
        "narrowing": [
            (name, request.GET[name]) for name in listing.NARROWING if name in request.GET
        ],
        "sort": asked.sort,
        "rows": order_rows(page.ids, columns=asked.columns),
        "query": asked.query(),
        "total": listing.total_shown(asked, page, counts),
        "may_take": may(request.user, "draft-new", "POST"),
        "may_print": may_print,
        "may_keep": may(request.user, "order-view-keep", "POST"),
        "actions": actions,
        "may_tick": may_print or bool(actions),
        "key": uuid.uuid4(),
        "keep_form": forms.KeepViewForm(auto_id="keep_%s"),
    } | bound
    status = 422 if bound else 200
    return render(request, "oscar/dashboard/orders/order_list.html", context, status=status)


def order_export(request: HttpRequest) -> HttpResponseBase:
    """The open view, all its pages, as CSV or with ``as=xlsx`` for a spreadsheet."""
    asked = listing.asked_of(request.GET)
    found = selectors.orders_find(view=asked.view, **asked.criteria)
    lines = Prefetch("lines", Line.objects.only("order", "quantity"))
    orders = selectors.orders_with_rows(found).prefetch_related(lines).iterator(chunk_size=500)
    rows = _export_rows(orders, mask_now())
    make = xlsx_response if request.GET.get("as") == "xlsx" else csv_response
    return make(name=f"orders-{timezone.localdate():%Y-%m-%d}", head=HEAD, rows=rows)


def view_keep(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    asked = listing.asked_of(QueryDict(request.POST.get("query", "")[:2000]))
    form = forms.KeepViewForm(request.POST, auto_id="keep_%s")
    if not form.is_valid():
        return order_list(request, asked=asked, keep_form=form)
    query = asked.query()
    if len(query) > forms.LONGEST_QUERY:
        form.add_error(None, _("There is too much in this view to keep it."))
        return order_list(request, asked=asked, keep_form=form)
    try:
        view = desk_view_keep(owner=request.user, query=query, **form.cleaned_data)
    except TooManyViews:
        form.add_error(None, _("You keep thirty views already. Let go of one first."))
        return order_list(request, asked=asked, keep_form=form)
    messages.success(request, _("Kept. It stands beside the other views."))
    return redirect(f"{asked.path}?{query}&kept={view.pk}")


def view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    if desk_view_drop(owner=request.user, pk=min(pk, 2**63 - 1)):
        messages.success(request, _("The view is gone; no order was touched."))
    else:
        messages.info(request, _("That view is gone already, or it is a colleague's."))
    return redirect("dashboard:order-list")


def _export_rows(orders: Iterable[Order], mask: Mask) -> Iterator[list]:
    for order in orders:
        address, lines = order.shipping_address, list(order.lines.all())
        yield [
            order.number,
            timezone.localtime(order.date_placed).isoformat(timespec="minutes"),
            order.status,
            mask(order.email, "email"),
            mask(name_of(address), "name"),
            address.line4 if address else "",
            address.country_id if address else "",
            len(lines),
            sum(line.quantity for line in lines),
            order.total_excl_tax,
            order.total_incl_tax,
            order.currency,
            order.facts.payment_method,
        ]
