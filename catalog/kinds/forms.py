"""What a shopper says about a gift card."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product

DAYS_AHEAD = 365


class GiftForm(forms.Form):
    """``child_id``: the amount. ``chosen`` after validation: the variant, or the product itself."""

    child_id = forms.IntegerField(
        label=_("Amount"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
    )
    to_email = forms.EmailField(
        label=_("E-mail of the person"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    to_name = forms.CharField(label=_("Name of the person"), max_length=80, required=False)
    from_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    message = forms.CharField(
        label=_("A few words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    send_on = forms.DateField(
        label=_("Day to send it"),
        required=False,
        help_text=_("Left empty it goes out as soon as it is paid."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="gift_%s", **kwargs)
        self.product = product
        today = timezone.localdate()
        last = today + dt.timedelta(days=DAYS_AHEAD)
        self.fields["send_on"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}

    def clean_send_on(self) -> dt.date | None:
        day, today = self.cleaned_data["send_on"], timezone.localdate()
        if day and not today <= day <= today + dt.timedelta(days=DAYS_AHEAD):
            raise forms.ValidationError(_("Choose a day from today to a year from now."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.chosen = self.product
        if self.product.is_parent:
            rows = self.product.children.public().select_related("parent__product_class")
            self.chosen = rows.filter(pk=data.get("child_id") or 0).first()
            if self.chosen is None:
                raise forms.ValidationError(_("Please choose an amount."))
        return data
