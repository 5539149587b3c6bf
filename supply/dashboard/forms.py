"""What a clerk says about stock."""

import datetime as dt
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supply.models import Reason, Warehouse
from supply.rights import FEWER

FAR = dt.timedelta(days=730)  # nobody knows what comes later
MOST = 1_000_000  # units in one booking; more is a slip of the finger
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StockFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Product or SKU")}),
    )


class LedgerFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("SKU or source")}),
    )
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("All")), *Reason.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("to"), required=False, widget=DAY)
    record = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def criteria(self) -> dict:
        """Keywords for `ledger_find`; what cannot be read is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "reason": data.get("reason", ""),
            "since": data.get("since"),
            "until": data.get("until"),
            "record_id": data.get("record"),
        }


class CorrectionForm(forms.Form):
    """``seen`` is what the book said when the shelf was counted, so sales since do not matter.

    ``key`` makes a second submit of the same page the same booking.
    """

    reason = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        choices=[
            (Reason.RECEIVED.value, _("Goods came in: add these units")),
            (Reason.COUNTED.value, _("I counted the shelf: this many are there")),
            (Reason.LOST.value, _("Lost or damaged: take these units away")),
        ],
        initial=Reason.RECEIVED.value,
    )
    quantity = forms.IntegerField(label=_("Units"), min_value=0, max_value=MOST)
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.none(),
        required=False,
        empty_label=_("The main one, or wherever units are free"),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, on_hand: int, may_write_off: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_write_off:  # taking units away with a reason is a write-off by another name
            self.fields["reason"].choices = [
                choice for choice in self.fields["reason"].choices if choice[0] != Reason.LOST
            ]
            self.fields["quantity"].help_text = _(
                "Fewer units than the book says are booked by a colleague who may write off."
            )
        self.may_write_off = may_write_off
        self.fields["seen"].initial = on_hand
        self.fields["key"].initial = uuid.uuid4()
        self.places = list(Warehouse.objects.order_by("-is_default", "rank", "name"))
        if len(self.places) > 1:
            self.fields["warehouse"].queryset = Warehouse.objects.all()
            self.fields["warehouse"].choices = [
                ("", self.fields["warehouse"].empty_label),
                *((place.pk, place.name) for place in self.places),
            ]
        else:
            del self.fields["warehouse"]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("warehouse") and data.get("reason") == Reason.COUNTED:
            text = _("A count here is of all warehouses; plan a count for one of them.")
            self.add_error("warehouse", text)
        if data.get("quantity") == 0 and data.get("reason") != Reason.COUNTED:
            self.add_error("quantity", _("How many units?"))
        if not self.errors and self.change() < 0 and not self.may_write_off:
            self.add_error("quantity", FEWER)
        return data

    def change(self) -> int:
        """Units to book; negative leaves the shelf."""
        data = self.cleaned_data
        if data["reason"] == Reason.COUNTED:
            return data["quantity"] - data["seen"]
        return -data["quantity"] if data["reason"] == Reason.LOST else data["quantity"]


class WriteOffForm(forms.Form):
    """Units that are gone, and why. ``key`` makes a second submit of the same page the same booking."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(one.value, one.label) for one in (Reason.BROKEN, Reason.EXPIRED, Reason.LOST)],
    )
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST)
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.none(),
        required=False,
        empty_label=_("The main one, or wherever units are free"),
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, help_text=_("What happened; it stands in the ledger.")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("prefix", "off")
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        places = Warehouse.objects.order_by("-is_default", "rank", "name")
        if places.count() > 1:
            self.fields["warehouse"].queryset = places
        else:
            del self.fields["warehouse"]


class ArrivalForm(forms.Form):
    """A delivery that a supplier announced. ``key`` makes a second submit the same one."""

    day = forms.DateField(label=_("Day"), widget=DAY)
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("prefix", "arrival")
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        self.fields["note"].help_text = _("For us; shoppers see the day and the units.")

    def clean_day(self) -> dt.date:
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("This day has passed."))
        if day > today + FAR:
            raise forms.ValidationError(_("At most two years from now."))
        return day
