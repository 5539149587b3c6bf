"""Finding an order again."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _


class FindOrderForm(forms.Form):
    number = forms.CharField(
        label=_("Order number"),
        max_length=40,
        help_text=_("Eight letters and digits, such as K7F3-9QPM."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The one you gave when you ordered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_number(self) -> str:
        """``k7f39qpm`` and full-width letters are ``K7F3-9QPM``."""
        folded = unicodedata.normalize("NFKC", self.cleaned_data["number"]).upper()
        letters = "".join(one for one in folded if one.isascii() and one.isalnum())
        if len(letters) != 8:
            raise forms.ValidationError(_("An order number has eight letters and digits."))
        return f"{letters[:4]}-{letters[4:]}"
