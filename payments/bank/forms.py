"""Where money is to go that no provider sends back: its payer says so, or the team for them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.bank.accounts import account_cleaned


def _plain(text: str) -> str:
    return " ".join("".join(sign for sign in text if sign.isprintable()).split())


class AccountForm(forms.Form):
    holder = forms.CharField(
        label=_("Name of the account’s holder"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    account = forms.CharField(
        label=_("IBAN or account number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bank = forms.CharField(
        label=_("Bank"),
        max_length=120,
        required=False,
        help_text=_("Its name or BIC. With an IBAN it can stay empty."),
    )

    def clean_holder(self) -> str:
        if not (holder := _plain(self.cleaned_data["holder"])):
            raise forms.ValidationError(_("Please write something."))
        return holder

    def clean_account(self) -> str:
        try:
            return account_cleaned(self.cleaned_data["account"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_bank(self) -> str:
        return _plain(self.cleaned_data["bank"])

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("account", "").isdigit() and not data.get("bank"):
            self.add_error("bank", _("An account number without an IBAN needs its bank."))
        return data
