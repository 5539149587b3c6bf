"""What an operator may say to an order."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.fulfilment.models import Shipment
from orders.life.forms import text_or_refusal
from orders.life.models import HoldReason
from orders.models import Line
from orders.states import CancelReason
from shop.core.money import ZERO

CARRIERS = ["DHL", "Deutsche Post", "DPD", "GLS", "Hermes", "UPS", "FedEx", "SF Express", "EMS"]
LONGEST_QUERY = 600  # of a view that is kept
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OrderFilterForm(forms.Form):
    """Narrows the list; every field is optional and what cannot be read is ignored."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Number, name, e-mail, phone, SKU or tracking"),
            }
        ),
    )
    since = forms.DateField(label=_("Placed from"), required=False, widget=DAY)
    until = forms.DateField(label=_("to"), required=False, widget=DAY)
    product = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    customer = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def criteria(self) -> dict:
        """Keywords for `orders_find`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "placed_from": data.get("since"),
            "placed_until": data.get("until"),
            "product_id": data.get("product"),
            "customer_id": data.get("customer"),
        }


class KeepViewForm(forms.Form):
    """Under which name the list is kept as it stands."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    is_shared = forms.BooleanField(label=_("Colleagues see it too"), required=False)


class BulkForm(forms.Form):
    """What every step for many orders begins with. ``key``: the page's, so that twice is once."""

    action = forms.CharField(max_length=10)
    key = forms.UUIDField()


class BulkMessageForm(forms.Form):
    """Plain text to the customers of all these orders."""

    text = forms.CharField(
        label=_("Message to the customers"),
        max_length=4000,
        help_text=_("Each gets it by mail; it stands on the order's page. The same words for all."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_text(self) -> str:
        return text_or_refusal(self.cleaned_data["text"])


class ShipForm(forms.Form):
    """``parcel``: which box, where several wait."""

    parcel = forms.IntegerField(label=_("Parcel"), required=False, max_value=2**63 - 1)
    carrier = forms.ChoiceField(label=_("Carrier"), choices=[(name, name) for name in CARRIERS])
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, boxes: Sequence[Shipment], **kwargs):
        super().__init__(*args, **kwargs)
        names = [(box.pk, _in_box(box)) for box in boxes]
        several = forms.Select(choices=names)
        self.fields["parcel"].widget = several if len(names) > 1 else forms.HiddenInput()
        if len(names) == 1:
            self.fields["parcel"].initial = names[0][0]


def _in_box(box: Shipment) -> str:
    """``2 × Mug, 1 × Pot``."""
    parts = [(one.quantity, one.order_line) for one in box.lines.all()]
    return ", ".join(
        f"{units} × {line.product.get_title() if line.product else line.title}"
        for units, line in parts
    )


class HoldForm(forms.Form):
    """Why it has to wait; a reason that is not listed needs words."""

    reason = forms.ChoiceField(label=_("Reason"), choices=HoldReason.choices)
    words = forms.CharField(
        label=_("What is to be found out"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("reason") == HoldReason.OTHER and not data.get("words"):
            self.add_error("words", _("Please say why, so that a colleague knows what to do."))
        return data


class ReleaseForm(forms.Form):
    words = forms.CharField(
        label=_("What was found out"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            (reason.value, reason.label)
            for reason in (CancelReason.CUSTOMER, CancelReason.OPERATOR, CancelReason.PAYMENT)
        ],
    )
    confirmed = forms.BooleanField(label=_("Yes, cancel it and send any money back"))

    def clean_reason(self) -> CancelReason:
        return CancelReason(self.cleaned_data["reason"])


class RestForm(forms.Form):
    confirmed = forms.BooleanField(
        label=_("Yes, cancel what has not left and send its money back"),
    )


class RefundForm(forms.Form):
    """``key`` makes a second submit of the same page the same refund."""

    amount = forms.DecimalField(
        label=_("Amount"), max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, left: Decimal = ZERO, currency: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = left
        self.fields["key"].initial = uuid.uuid4()
        self.fields["amount"].widget.attrs["max"] = str(left)
        if currency:
            self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}


class MessageForm(forms.Form):
    """Plain text to the customer. ``key`` makes a second submit of the same page the same message."""

    text = forms.CharField(
        label=_("Message to the customer"),
        max_length=4000,
        help_text=_("Goes out by mail in the customer's language and stands on the order's page."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_text(self) -> str:
        return text_or_refusal(self.cleaned_data["text"])


class KeyForm(forms.Form):
    """Makes a second submit of the same page the same change."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ThingsForm(forms.Form):
    """What is to be added: ``thing`` (``12:2``, a product's id and units) once for each, and one besides.

    ``shown``: what the page said that it costs; without it the price is only to be shown.
    """

    product = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    quantity = forms.IntegerField(required=False, min_value=1, max_value=500)
    shown = forms.DecimalField(required=False, max_digits=12, decimal_places=2, min_value=ZERO)
    key = forms.UUIDField(required=False)

    def units(self) -> dict[int, int]:
        """By the product's id; what cannot be read counts for nothing. Only for a valid form."""
        found = things_read(self.data.getlist("thing"))
        if pk := self.cleaned_data["product"]:
            found[pk] = found.get(pk, 0) + (self.cleaned_data["quantity"] or 1)
        return found


def things_read(texts: Iterable[str]) -> dict[int, int]:
    """``12:2``: two of the product 12. The first twenty that can be read."""
    found: dict[int, int] = {}
    for text in list(texts)[:20]:
        pk, _colon, units = text.partition(":")
        is_number = all(one.isascii() and one.isdigit() and len(one) < 10 for one in (pk, units))
        if is_number and int(pk) and 0 < int(units) <= 500:
            found[int(pk)] = found.get(int(pk), 0) + int(units)
    return found


class WayForm(forms.Form):
    """Another delivery. ``shown``: what the page said that it costs more, below zero: less."""

    code = forms.CharField(max_length=60)
    shown = forms.DecimalField(max_digits=12, decimal_places=2)
    key = forms.UUIDField()

    def __init__(self, data: Any) -> None:
        way = data.get("code", "")
        super().__init__({**data.dict(), "shown": data.get(f"shown-{way}", "")})


class LinesForm(forms.Form):
    """How many units there are to be of each line; a field for each, named by the line's id."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, lines: Iterable[Line], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=line.product.get_title() if line.product else line.title,
                min_value=0,
                max_value=500,
                initial=line.quantity,
            )

    def clean(self) -> dict:
        data = super().clean()
        now = {line: data.get(f"line-{line.pk}") for line in self.lines}
        is_less = any(units is not None and units < line.quantity for line, units in now.items())
        if is_less and any(units and units > line.quantity for line, units in now.items()):
            self.add_error(None, _("Take out first, then add: each is a change of its own."))
        return data

    def raised(self) -> dict[int, int]:
        """Units that come to those of each product, by its id. Only for a valid form."""
        more: dict[int, int] = {}
        for line in self.lines:
            units = self.cleaned_data[f"line-{line.pk}"] - line.quantity
            if units > 0 and line.product_id:
                more[line.product_id] = more.get(line.product_id, 0) + units
        return more

    def quantities(self) -> dict[int, int]:
        """By the line's id. Only for a valid form."""
        return {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}


class NoteForm(forms.Form):
    """``key`` makes a second submit of the same page the same note."""

    message = forms.CharField(
        label=_("Note for colleagues"),
        max_length=2000,
        help_text=_("Stays in the office; the customer never sees it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
