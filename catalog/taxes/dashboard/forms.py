"""What the team types about taxes."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.delivery import countries_named
from catalog.models import TaxClass
from catalog.taxes.models import TaxCountry

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
OLDEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)


class CountryForm(forms.ModelForm):
    """How a country is taxed; ``code`` only while it is new."""

    class Meta:
        model = TaxCountry
        fields = ("code", "name", "is_added")
        help_texts = {
            "is_added": _("The tax is added at the checkout, as in the United States."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["code"]
            return
        names = countries_named(get_language() or "en")
        self.fields["code"] = forms.ChoiceField(label=_("Country"), choices=names)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if TaxCountry.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("This country is there already."))
        return code


class TaxRateForm(forms.Form):
    """A rate from a day on; the same state, class and day again changes it."""

    region = forms.CharField(
        label=pgettext_lazy("place", "State"),
        required=False,
        max_length=40,
        help_text=_("As addresses name it, such as CA. Empty: the whole country."),
    )
    tax_class = forms.ChoiceField(
        label=_("Tax class"),
        choices=[one for one in TaxClass.choices if one[0] != TaxClass.NONE],
    )
    percent = forms.DecimalField(
        label=_("Percent of the net price"),
        max_digits=7,
        decimal_places=4,
        min_value=Decimal(0),
        max_value=Decimal("99.9999"),
    )
    on_delivery = forms.BooleanField(label=_("Delivery is taxed too"), required=False, initial=True)
    valid_from = forms.DateField(label=_("From"), widget=DAY)
    valid_until = forms.DateField(label=_("Until, that day included"), widget=DAY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()

    def clean_region(self) -> str:
        return self.cleaned_data["region"].strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("valid_from", "valid_until"):
            day = data.get(name)
            if day and not OLDEST <= day <= LATEST:
                self.add_error(name, _("This day is too far away."))
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("It must end after it starts."))
        return data

    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        percent = data.pop("percent")
        return {**data, "rate": percent / 100}
