"""Parcels that the carrier sent back: what is in them goes to the shelf, or is written off."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.exceptions import StepRefused
from orders.fulfilment.failing import Back, parcel_take_back
from orders.fulfilment.models import Failure, Shipment, ShipmentLine
from shop.core.office import may

MAX_ID = 2**63 - 1


class BackForm(forms.Form):
    """Two numbers for each line of the parcel; what is in neither was not in it."""

    def __init__(self, *args: Any, lines: Iterable[ShipmentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        names = {"restock": gettext_lazy("On the shelf"), "scrap": gettext_lazy("Scrap")}
        for line in self.lines:
            for name, label in names.items():
                field = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=line.quantity,
                    initial=line.quantity if name == "restock" else 0,
                )
                field.widget.attrs["inputmode"] = "numeric"
                self.fields[f"{name}_{line.pk}"] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "line": line,
                "title": line.order_line.product.get_title()
                if line.order_line.product
                else line.order_line.title,
                "fields": [self[f"restock_{line.pk}"], self[f"scrap_{line.pk}"]],
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for line in self.lines:
            both = (data.get(f"restock_{line.pk}") or 0) + (data.get(f"scrap_{line.pk}") or 0)
            if both > line.quantity:
                text = _("There were only %(units)s in it.") % {"units": line.quantity}
                self.add_error(f"restock_{line.pk}", text)
        return data

    def found(self) -> dict[int, Back]:
        data = self.cleaned_data
        return {
            line.pk: Back(restock=data[f"restock_{line.pk}"], scrap=data[f"scrap_{line.pk}"])
            for line in self.lines
        }


def parcel_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in it, line by line; a second submit finds it done."""
    rows = Shipment.objects.filter(failed=Failure.RETURNED).select_related(
        "order", "warehouse", "taken_back_by"
    )
    parcel = get_object_or_404(rows, pk=min(pk, MAX_ID))
    lines = parcel.lines.select_related("order_line__product__parent").order_by("pk")
    form = BackForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            is_new = parcel_take_back(parcel=parcel, found=form.found(), user=request.user)
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            if is_new:
                messages.success(request, _("Noted. What is as new is on the shelf."))
            else:
                messages.info(request, _("That was done already."))
            return redirect("dashboard:parcel-back", pk=parcel.pk)
    context = {
        "parcel": parcel,
        "form": form,
        "may_take": may(request.user, "parcel-back", "POST") and parcel.taken_back_at is None,
        "may_see_orders": may(request.user, "order-detail"),
    }
    status = 422 if form.errors else 200
    return render(request, "fulfilment/office/parcel_back.html", context, status=status)
