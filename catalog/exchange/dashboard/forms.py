"""What the team types about currencies."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.exchange.exceptions import RatesRefused
from catalog.exchange.models import Currency
from catalog.exchange.rows import RateRow
from catalog.exchange.selectors import rates_jumping, rates_there
from catalog.exchange.table import LEAST_RATE, MOST_RATE, rates_read
from catalog.partner.models import StockRecord
from shop.core.money import exponent, is_currency
from shop.core.tables import TableForm, table_field

TAKEN = _("This currency has its rate of today; a rate is never changed.")


class _Sure(forms.Form):
    """A rate that jumps is taken only with the box ticked; the box appears when it is needed."""

    sure = forms.BooleanField(label=_("I have checked it, take it"), required=False)
    is_asked = False
    rows: list[RateRow]

    def ask(self, name: str) -> None:
        """Say which of ``rows`` moved much since the rate before."""
        jumps = rates_jumping(self.rows)
        if not jumps or self.cleaned_data.get("sure"):
            return
        self.is_asked = True
        for row, percent in jumps[:5]:
            text = _("%(currency)s moved by %(percent)s %% since the rate before. Is that right?")
            facts = {"currency": row.currency, "percent": f"{percent:+.1f}"}
            self.add_error(name, text % facts)


class RateForm(_Sure):
    """Today's rate of one currency."""

    currency = forms.CharField(
        label=_("Currency"), max_length=3, min_length=3, help_text=_("Such as USD.")
    )
    rate = forms.DecimalField(
        label=_("Rate"),
        max_digits=17,
        decimal_places=8,
        min_value=LEAST_RATE,
        max_value=MOST_RATE,
    )
    field_order = ("currency", "rate", "sure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = settings.OSCAR_DEFAULT_CURRENCY
        self.fields["rate"].help_text = _("How much of it one %(own)s is worth today.") % {
            "own": own
        }
        self.rows = []

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].upper()
        if code == settings.OSCAR_DEFAULT_CURRENCY:
            raise forms.ValidationError(_("This is the shop's own currency."))
        if not is_currency(code):
            raise forms.ValidationError(_("There is no such currency."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            self.rows = [RateRow(timezone.localdate(), data["currency"], data["rate"])]
            if rates_there(self.rows):
                self.add_error("currency", TAKEN)
            else:
                self.ask("rate")
        return data


class RatesForm(_Sure, TableForm):
    """Rates of days and currencies. ``rows``: what the table says."""

    table = table_field(
        example="2026-11-28,USD,1.0840",
        help_text=_("Day, currency, rate; one row each. All of them or none."),
    )
    field_order = ("table", "file", "sure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = []

    def table_take(self, text: str) -> None:
        self.rows = rates_read(text)
        if any(row.currency == settings.OSCAR_DEFAULT_CURRENCY for row in self.rows):
            raise RatesRefused([_("The shop's own currency has no rate.")])
        self.ask(self.sent_as)


class CurrencyForm(forms.ModelForm):
    class Meta:
        model = Currency
        fields = ("ending", "is_offered")
        help_texts = {
            "ending": _("Prices that are set in this currency stay as they are."),
        }


class CurrencyPriceForm(forms.Form):
    """A price in one currency. Where there is one already, it becomes this."""

    sku = forms.CharField(label=_("SKU"), max_length=128)
    currency = forms.ModelChoiceField(
        label=_("Currency"), queryset=Currency.objects.none(), empty_label=None
    )
    price = forms.DecimalField(label=_("Price"), max_digits=11, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Currency.objects.exclude(pk=settings.OSCAR_DEFAULT_CURRENCY)
        self.fields["currency"].queryset = known

    def clean_sku(self) -> str:
        sku = self.cleaned_data["sku"].strip()
        found = list(StockRecord.objects.filter(partner_sku=sku).select_related("product")[:2])
        if len(found) != 1:
            text = _("There is no such SKU.") if not found else _("Several goods have this SKU.")
            raise forms.ValidationError(text)
        self.record = found[0]
        return sku

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        price: Decimal | None = data.get("price")
        currency = data.get("currency")
        if price is not None and price <= 0:
            self.add_error("price", _("The price must be above nothing."))
        elif price is not None and currency and price != price.quantize(exponent(currency.pk)):
            self.add_error("price", _("This currency has no such small coin."))
        return data
