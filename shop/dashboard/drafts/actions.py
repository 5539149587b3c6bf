"""What somebody who takes an order does: each address takes one POST and calls one service."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.basket.exceptions import BasketRefused
from orders.drafts import discounts, services
from orders.drafts.models import Draft
from orders.exceptions import CheckoutRefused
from orders.keeping.merging import names_listed
from orders.models import Order
from payments.exceptions import PaymentError
from payments.selectors import intent_of_order
from payments.services import intent_open
from shop.core import outbox
from shop.core.locks import is_conflict
from shop.dashboard.drafts import forms
from shop.dashboard.drafts.selectors import product_by_code, product_sold
from shop.dashboard.drafts.views import draft_detail, draft_or_404
from supply.exceptions import OutOfStock

logger = logging.getLogger(__name__)


def new(request: HttpRequest) -> HttpResponse:
    return _back(services.draft_start(user=request.user, language=get_language() or "en"))


def again(request: HttpRequest, number: str) -> HttpResponse:
    """The same again, from an order of the same customer."""
    rows = Order.objects.select_related("facts", "user", "shipping_address")
    draft, taken = services.draft_copy(
        order=get_object_or_404(rows, number=number), user=request.user
    )
    if taken.missing:
        text = _("Not to be had any more, or not so many: %(names)s.")
        messages.warning(request, text % {"names": names_listed(taken.missing)})
    return _back(draft)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A product that was chosen, or the one whose SKU or barcode was typed or scanned."""
    draft = draft_or_404(pk)
    form = forms.AddForm(request.POST, auto_id="add_%s")
    if not form.is_valid():
        return draft_detail(request, pk, bound={"add_form": form})
    text, chosen = form.cleaned_data["q"], form.cleaned_data["product"]
    product = product_sold(chosen) if chosen else product_by_code(text)
    if product is None:
        if chosen or not text.strip():
            form.add_error("q", _("Choose a product, or type its SKU."))
            return draft_detail(request, pk, bound={"add_form": form})
        return draft_detail(request, pk, bound={"add_form": form, "text": text})
    try:
        services.draft_line_add(draft=draft, product=product, quantity=form.units())
    except (BasketRefused, CheckoutRefused) as error:
        form.add_error("q", f"{product.get_title()}: {error.message}")
        return draft_detail(request, pk, bound={"add_form": form})
    messages.success(request, _("Added: %(name)s.") % {"name": product.get_title()})
    return _back(draft, "add_q")


def lines(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    form = forms.LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a whole number of units; 0 takes the line out."))
        return _back(draft, "lines")
    data = form.cleaned_data
    return _try(
        request,
        draft,
        lambda: services.draft_line_set(
            draft=draft, line_id=data["line"], quantity=data["quantity"]
        ),
        "lines",
    )


def coupon(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    form = forms.CouponForm(request.POST, auto_id="coupon_%s")
    if not form.is_valid():
        return draft_detail(request, pk, bound={"coupon_form": form})
    try:
        if form.cleaned_data["remove"]:
            services.draft_coupon_remove(draft=draft, voucher_id=form.cleaned_data["remove"])
        else:
            services.draft_coupon_add(draft=draft, code=form.cleaned_data["code"].upper())
    except (BasketRefused, CheckoutRefused) as error:
        form.add_error("code", error.message)
        return draft_detail(request, pk, bound={"coupon_form": form})
    return _back(draft, "less")


def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    form = forms.DeliveryForm(request.POST, auto_id="delivery_%s")
    if not form.is_valid():
        return draft_detail(request, pk, bound={"delivery_form": form})
    data = form.cleaned_data
    return _try(
        request,
        draft,
        lambda: services.draft_delivery_set(draft=draft, code=data["code"], note=data["note"]),
        "delivery",
    )


def discount(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    if "end" in request.POST:
        return _try(request, draft, lambda: discounts.draft_discount_end(draft=draft), "less")
    form = forms.DiscountForm(request.POST, currency=draft.currency, auto_id="discount_%s")
    if not form.is_valid():
        return draft_detail(request, pk, bound={"discount_form": form})
    return _try(
        request,
        draft,
        lambda: discounts.draft_discount_set(draft=draft, user=request.user, **form.cleaned_data),
        "less",
    )


def send(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    try:
        draft = services.draft_send(draft=draft)
    except CheckoutRefused as error:
        messages.error(request, error.message)
    else:
        text = _("The link is on its way to %(email)s. It works for seven days.")
        messages.success(request, text % {"email": draft.email})
    return _back(draft)


def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Place it now, to be paid by transfer or at the door. Pressed twice, it is one order."""
    draft = draft_or_404(pk)
    method = request.POST.get("payment", "")
    try:
        placed = services.draft_place(
            draft=draft,
            code=request.POST.get("code", "")[:60],
            payment_method=method,
            shown=request.POST.get(f"shown-{method}" if method else "shown", ""),
            user=request.user,
        )
    except OutOfStock:
        messages.error(request, _("Not everything of it is still there. Please look at the lines."))
        return _back(draft, "lines")
    except CheckoutRefused as error:
        messages.error(request, error.message)
        return _back(draft)
    except OperationalError as error:
        if not is_conflict(error):
            raise
        messages.error(request, _("The shop is very busy. Please place your order once more."))
        return _back(draft)
    _payment_begin(placed)
    messages.success(request, _("Placed. The customer gets the confirmation by mail."))
    return redirect("dashboard:order-detail", number=placed.number)


def drop(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_or_404(pk)
    if services.draft_drop(draft=draft):
        messages.success(request, _("Dropped. A link that was sent no longer works."))
    else:
        messages.info(
            request, _("This draft was placed or dropped meanwhile; nothing was changed.")
        )
    return redirect("dashboard:draft-list")


def _payment_begin(placed: Order) -> None:
    """Cash is promised and a transfer awaited at once; what fails here the reconciler does."""
    intent = intent_of_order(placed.number)
    if intent is None:
        return
    try:
        intent_open(intent=intent)
    except PaymentError as error:
        logger.warning("order %s: %s", placed.number, error)
    outbox.relay()


def _try(
    request: HttpRequest, draft: Draft, step: Callable[[], object], place: str
) -> HttpResponse:
    try:
        step()
    except (BasketRefused, CheckoutRefused) as error:
        messages.error(request, error.message)
    return _back(draft, place)


def _back(draft: Draft, place: str = "") -> HttpResponse:
    answer = redirect("dashboard:draft-detail", pk=draft.pk)
    if place:
        answer["Location"] += f"#{place}"
    return answer
