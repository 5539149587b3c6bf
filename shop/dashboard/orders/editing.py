"""Changing an order before it is packed: a page of forms, each with an address of its own."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from orders.additions.pricing import order_strategy, ways_of
from orders.additions.selectors import addition_waiting
from orders.checkout.countries import address_fields, invoice_fields
from orders.checkout.forms import HOME, AddressForm, InvoiceForm
from orders.exceptions import EditRefused
from orders.life.asking import order_change_unpaid, waiting_at_provider
from orders.life.editing import order_address_edit, order_lines_edit
from orders.life.invoice_address import order_invoice_address_edit
from orders.life.selectors import EDITABLE
from orders.models import Order
from orders.papers.selectors import invoice_number
from payments.selectors import intents_read
from shop.dashboard.drafts.selectors import products_found
from shop.dashboard.orders import adding, forms
from shop.dashboard.orders.actions import back


def order_edit(request: HttpRequest, number: str) -> HttpResponse:
    order = editable(number)
    if order.status not in EDITABLE:
        messages.error(request, _("Only an order that is not packed yet can be changed."))
        return back(order)
    return page_of(request, order)


def lines(request: HttpRequest, number: str) -> HttpResponse:
    order = editable(number)
    form = forms.LinesForm(request.POST, lines=_lines(order), auto_id="lines_%s")
    if not form.is_valid():
        return page_of(request, order, status=422, lines_form=form)
    if raised := form.raised():
        return adding.preview(request, order, raised)
    try:
        is_new = order_change_unpaid(
            order=order,
            change=partial(
                order_lines_edit,
                order=order,
                quantities=form.quantities(),
                key=form.cleaned_data["key"],
                user=request.user,
            ),
        )
    except EditRefused as error:
        form.add_error(None, error.message)
        return page_of(request, order, status=422, lines_form=form)
    return done(request, order, is_new)


def address(request: HttpRequest, number: str) -> HttpResponse:
    order = editable(number)
    form = AddressForm(request.POST, country=request.POST.get("country", ""), auto_id="address_%s")
    key = forms.KeyForm(request.POST, auto_id="address_%s")
    if not (form.is_valid() and key.is_valid()):
        return page_of(request, order, status=422, address_form=form)
    try:
        is_new = order_address_edit(
            order=order,
            columns=form.columns(),
            key=key.cleaned_data["key"],
            user=request.user,
        )
    except EditRefused as error:
        form.add_error(None, error.message)
        return page_of(request, order, status=422, address_form=form)
    return done(request, order, is_new)


def invoice_address(request: HttpRequest, number: str) -> HttpResponse:
    """Another one, or, with the other button, that of the delivery."""
    order, is_same = editable(number), "same" in request.POST
    form = InvoiceForm(
        request.POST, country=request.POST.get("invoice-country", ""), auto_id="to_%s"
    )
    key = forms.KeyForm(request.POST, auto_id="to_%s")
    if not ((is_same or form.is_valid()) and key.is_valid()):
        return page_of(request, order, status=422, invoice_form=form)
    try:
        is_new = order_invoice_address_edit(
            order=order,
            columns=None if is_same else form.columns(),
            key=key.cleaned_data["key"],
            user=request.user,
        )
    except EditRefused as error:
        form = _invoice_form(order) if is_same else form
        return page_of(request, order, status=422, invoice_form=form, invoice_refusal=error.message)
    return done(request, order, is_new)


def done(request: HttpRequest, order: Order, is_new: bool) -> HttpResponse:
    if is_new:
        messages.success(request, _("Changed. The customer is told by mail."))
    else:
        messages.info(request, _("This change was made already."))
    return back(order)


def page_of(request: HttpRequest, order: Order, *, status: int = 200, **bound: Any) -> HttpResponse:
    text = request.GET.get("q", "")[:120]
    waiting = addition_waiting(order)
    found = (
        products_found(text, strategy=order_strategy(order), currency=order.currency)
        if text and order.shipping_address
        else []
    )
    context = {
        "order": order,
        "waiting": waiting,
        "has_page": waiting_at_provider(order, intents_read(order.number)) is not None,
        "text": text,
        "found": found,
        "things": forms.things_read(request.GET.getlist("thing")),
        "ways": [] if waiting else ways_of(order),
        "way_key": uuid.uuid4(),
        "lines_form": forms.LinesForm(lines=_lines(order), auto_id="lines_%s"),
        "address_form": _address_form(order),
        "invoice_number": invoice_number(order),
        "invoice_form": _invoice_form(order),
        "invoice_key_form": forms.KeyForm(initial={"key": uuid.uuid4()}, auto_id="to_%s"),
        "key_form": forms.KeyForm(initial={"key": uuid.uuid4()}, auto_id="address_%s"),
    } | bound
    return render(request, "oscar/dashboard/orders/order_edit.html", context, status=status)


def _address_form(order: Order) -> AddressForm | None:
    place = order.shipping_address
    if place is None:
        return None
    return AddressForm(
        initial=address_fields(place), country=place.country_id, auto_id="address_%s"
    )


def _invoice_form(order: Order) -> InvoiceForm:
    place, sent = order.billing_address, order.shipping_address
    country = (place or sent).country_id if place or sent else HOME
    known = invoice_fields(place) if place else {}
    return InvoiceForm(initial=known, country=country, auto_id="to_%s")


def _lines(order: Order) -> list:
    return list(order.lines.select_related("product__parent").order_by("pk"))


def editable(number: str) -> Order:
    rows = Order.objects.select_related("shipping_address", "billing_address", "facts", "sums")
    return get_object_or_404(rows, number=number)
