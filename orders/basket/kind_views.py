"""Adding sets and gift cards from their product pages."""

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from catalog.kinds.forms import GiftForm
from catalog.kinds.selectors import SetView, set_view
from catalog.models import Kind, Product
from orders.basket.exceptions import BasketRefused
from orders.basket.forms import quantity_field
from orders.basket.kinds import gift_add, set_add
from orders.handover.wishes import wishes_pack
from payments.wallets.services import GiftWishes
from shop.core.money import shown

MAX_ID = 2**63 - 1
UNITS_AT_MOST = 50


class QuantityForm(forms.Form):
    quantity = quantity_field(least=1)


class KindAddView(View, ABC):
    """The shopper stays on the page; htmx gets the answer beside the button."""

    http_method_names = ["post"]
    kind = Kind.GOODS

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Product.objects.public().select_related("product_class")
        product = get_object_or_404(rows, pk=min(pk, MAX_ID), product_class__kind=self.kind)
        form = QuantityForm({"quantity": request.POST.get("quantity") or "1"})
        if not form.is_valid():
            return self.refused(request, product, form.errors["quantity"][0])
        try:
            done = self.add(request, product, form.cleaned_data["quantity"])
        except BasketRefused as refusal:
            return self.refused(request, product, refusal.message)
        if request.htmx:
            return render(request, "oscar/basket/_added.html", {"done": done})
        message = render_to_string("oscar/basket/messages/_added.html", {"done": done})
        messages.success(request, message, extra_tags="safe")
        return redirect(product.get_absolute_url())

    @abstractmethod
    def add(self, request: HttpRequest, product: Product, quantity: int) -> str:
        """Into the basket; what to say of it. Raises ``BasketRefused``."""

    def refused(self, request: HttpRequest, product: Product, message: str) -> HttpResponse:
        if request.htmx:
            context = {"refused": message}
            return render(request, "oscar/basket/_added.html", context, status=422)
        messages.error(request, message)
        return redirect(product.get_absolute_url())


class SetAddView(KindAddView):
    """All parts of the set, or none."""

    kind = Kind.SET

    def add(self, request: HttpRequest, product: Product, quantity: int) -> str:
        view = set_view(product)
        if view is None or not view.parts:
            raise BasketRefused(_("This is not for sale at the moment."))
        chosen = numbers_of(request, "pick" if view.pick else "part")
        set_add(basket=request.basket, view=view, chosen=chosen, quantity=quantity)
        return self.words(view)

    def words(self, view: SetView) -> str:
        name = view.product.get_title()
        if view.pick or view.saved <= 0:
            return _("All parts of %(name)s are in your basket.") % {"name": name}
        saved = shown(view.saved, view.currency, get_language() or "en")
        facts = {"name": name, "saved": saved}
        return _("All parts of %(name)s are in your basket; together you save %(saved)s.") % facts


def numbers_of(request: HttpRequest, prefix: str) -> dict[int, int]:
    """``part-12=480`` → ``{12: 480}``. Raises ``BasketRefused`` for what is no such number."""
    found = {}
    for name, value in request.POST.items():
        start, _dash, key = name.partition("-")
        if start != prefix:
            continue
        most = UNITS_AT_MOST if prefix == "pick" else MAX_ID
        if not (_is_number(key) and _is_number(value or "0")) or int(value or 0) > most:
            raise BasketRefused(_("Please choose each part of the set from the list."))
        if prefix == "part" or int(value or 0):
            found[int(key)] = int(value or 0)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class GiftAddView(KindAddView):
    """One amount, with who it is for, what to say and when to send it."""

    kind = Kind.VOUCHER

    def add(self, request: HttpRequest, product: Product, quantity: int) -> str:
        form = GiftForm(request.POST, product=product)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            label = form.fields[name].label if name in form.fields else ""
            raise BasketRefused(f"{label}: {errors[0]}" if label else errors[0])
        said: dict[str, Any] = form.cleaned_data
        send_on = said["send_on"]
        wishes = GiftWishes(
            recipient_name=said["to_name"],
            recipient_email=said["to_email"],
            sender_name=said["from_name"],
            message=said["message"],
            send_on=send_on if send_on and send_on > timezone.localdate() else None,
        )
        gift_add(
            basket=request.basket,
            product=form.chosen,
            quantity=quantity,
            wishes=wishes_pack(wishes),
        )
        facts = {"name": form.chosen.get_title(), "email": wishes.recipient_email}
        return _("%(name)s for %(email)s is in your basket.") % facts
