"""Adding to an order before it is packed, and sending it another way: first the price, then the yes."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.additions.exceptions import PriceMoved
from orders.additions.pricing import addition_price
from orders.additions.services import addition_ask, addition_withdraw, order_delivery_edit
from orders.exceptions import EditRefused
from orders.life.asking import order_change_unpaid
from orders.models import Order
from shop.dashboard.drafts.selectors import product_sold
from shop.dashboard.orders import editing, forms
from shop.dashboard.orders.actions import back


def add(request: HttpRequest, number: str) -> HttpResponse:
    """Without ``shown`` the price, with it the change."""
    order = editing.editable(number)
    form = forms.ThingsForm(request.POST)
    if not form.is_valid():
        return _refused(request, order, _("Give a whole number of units."))
    units, data = form.units(), form.cleaned_data
    if data["shown"] is None or data["key"] is None:
        return preview(request, order, units)
    things = _things(units)
    if not things:
        return _refused(request, order, _("Choose a product, or type its SKU."))
    ask = partial(
        addition_ask,
        order=order,
        things=things,
        shown=data["shown"],
        key=data["key"],
        user=request.user,
    )
    try:
        is_new = order_change_unpaid(order=order, change=ask)
    except PriceMoved as error:
        return preview(request, order, units, refusal=error.message)
    except EditRefused as error:
        return _refused(request, order, error.message)
    return editing.done(request, order, is_new)


def preview(
    request: HttpRequest, order: Order, units: Mapping[int, int], *, refusal: str = ""
) -> HttpResponse:
    """What it would cost, and the button that adds it."""
    things = _things(units)
    if not things:
        return _refused(request, order, _("Choose a product, or type its SKU."))
    try:
        priced = addition_price(order=order, things=things)
    except EditRefused as error:
        return _refused(request, order, error.message)
    return editing.page_of(
        request,
        order,
        status=422 if refusal else 200,
        priced=priced,
        things={product.pk: number for product, number in things.items()},
        add_key=uuid.uuid4(),
        add_refusal=refusal,
    )


def delivery(request: HttpRequest, number: str) -> HttpResponse:
    order = editing.editable(number)
    form = forms.WayForm(request.POST)
    if not form.is_valid():
        return editing.page_of(
            request, order, status=422, way_refusal=_("Choose how it is to be sent.")
        )
    return _try(
        request,
        order,
        lambda: order_change_unpaid(
            order=order,
            change=partial(
                order_delivery_edit, order=order, user=request.user, **form.cleaned_data
            ),
        ),
    )


def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    order = editing.editable(number)
    if addition_withdraw(order=order, user=request.user):
        messages.success(request, _("Withdrawn. Its units are free again; the customer is told."))
    else:
        messages.info(request, _("Nothing waits to be paid any more."))
    return back(order)


def _try(request: HttpRequest, order: Order, change: Callable[[], bool]) -> HttpResponse:
    try:
        is_new = change()
    except EditRefused as error:
        return editing.page_of(request, order, status=422, way_refusal=error.message)
    return editing.done(request, order, is_new)


def _refused(request: HttpRequest, order: Order, words: str) -> HttpResponse:
    return editing.page_of(request, order, status=422, add_refusal=words)


def _things(units: Mapping[int, int]) -> dict:
    """On sale; what is not counts for nothing."""
    found = {product_sold(pk): number for pk, number in units.items()}
    return {product: number for product, number in found.items() if product is not None}
