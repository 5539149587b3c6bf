"""What people type about wallets."""

import uuid

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from catalog.exchange.rates import currencies_offered
from payments.wallets.codes import LENGTH_AT_MOST
from shop.core.fields import fields_shared
from shop.core.money import rounded


@fields_shared
class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the gift card"),
        max_length=LENGTH_AT_MOST,
        help_text=_("It begins with GC and stands in the mail. Spaces and dashes do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "GC-XXXX-XXXX-XXXX-XXXX",
            }
        ),
    )


class WalletFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("E-mail, name, order or last letters")}
        ),
    )


class BlockForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=200)


class ResendForm(forms.Form):
    email = forms.EmailField(label=_("To"), max_length=254)


class TakeBackForm(forms.Form):
    """``key``: of the page, so that pressing twice takes once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    amount = forms.DecimalField(label=_("Amount"), max_digits=10, decimal_places=2)
    note = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The member reads it in the account.")
    )

    def __init__(self, *args, currency: str, left: str, **kwargs) -> None:
        """``left``: how much of it there is to take, in words."""
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        if currency:
            field.label = _("Amount in %(currency)s") % {"currency": currency}
        field.help_text = _("At most %(amount)s: what is left of it.") % {"amount": left}


class CreditForm(forms.Form):
    """``key``: of the page, so that pressing twice gives once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    email = forms.EmailField(label=_("E-mail of the member"), max_length=254)
    amount = forms.DecimalField(label=_("Amount"), max_digits=10, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"))
    order_number = forms.CharField(
        label=_("Order"), max_length=40, required=False, help_text=_("If it is about one.")
    )
    note = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The member reads it in the account.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member = None
        self.fields["currency"].choices = [(code, code) for code in currencies_offered()]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        self.member = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
        if self.member is None:
            raise forms.ValidationError(_("Nobody has an account with this e-mail."))
        return email

    def clean(self) -> dict:
        data = super().clean() or {}
        amount, currency = data.get("amount"), data.get("currency")
        if amount is None or not currency:
            return data
        if amount <= 0 or rounded(amount, currency) != amount:
            self.add_error("amount", _("This is not an amount of this currency."))
        return data
