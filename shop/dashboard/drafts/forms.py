"""What somebody who takes an order types."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.exchange.rates import currencies_offered
from orders.checkout.forms import plain

MOST = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD


class AddForm(forms.Form):
    """A product that was found, by its id; or what a scanner typed: SKU or barcode."""

    q = forms.CharField(
        label=_("Product, SKU or barcode"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    product = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    quantity = forms.IntegerField(
        label=_("Units"), required=False, min_value=1, max_value=MOST, initial=1
    )

    def units(self) -> int:
        return self.cleaned_data.get("quantity") or 1


class LineForm(forms.Form):
    line = forms.IntegerField(min_value=1, max_value=2**62)
    quantity = forms.IntegerField(label=_("Units"), min_value=0, max_value=MOST)


class CouponForm(forms.Form):
    code = forms.CharField(label=_("Coupon"), required=False, max_length=128)
    remove = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class DeliveryForm(forms.Form):
    code = forms.CharField(required=False, max_length=60)
    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=2000,
        help_text=_("Stays in the office; the customer never sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DiscountForm(forms.Form):
    """Percent of the goods, or an amount; and why."""

    percent = forms.DecimalField(
        label=_("Percent"),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=100,
    )
    amount = forms.DecimalField(
        label=_("or amount"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(9_999_999),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if currency:
            self.fields["amount"].label = _("or amount in %(currency)s") % {"currency": currency}

    def clean(self) -> dict:
        data = super().clean() or {}
        if bool(data.get("percent")) == bool(data.get("amount")) and not self.errors:
            self.add_error("percent", _("Give either a percentage or an amount."))
        return data

    def clean_reason(self) -> str:
        reason = plain(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason


class CustomerForm(forms.Form):
    """A guest's e-mail; language and currency of whoever it is."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(self, *args: Any, is_member: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies_offered()]
        if is_member:
            self.fields["email"].disabled = True
