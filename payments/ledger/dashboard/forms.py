"""What finance types: days and periods, a day to close, a provider's table."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.gateways import gateways_all
from payments.ledger.settlement_table import COLUMNS, SettlementRow, settlement_read
from shop.core.tables import TableForm, table_field

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST, LAST = dt.date(2000, 1, 1), dt.date(2200, 1, 1)


class DayForm(forms.Form):
    """The day of a trial balance; what cannot be read is today."""

    day = forms.DateField(label=_("To the end of"), required=False, widget=DAY)

    def picked(self) -> dt.date:
        day = self.cleaned_data.get("day") if self.is_valid() else None
        return min(max(day, FIRST), LAST) if day else timezone.localdate()


class PeriodForm(forms.Form):
    """From a day to a day; what is left out or cannot be read is this month so far."""

    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("to"), required=False, widget=DAY)

    def picked(self) -> tuple[dt.date, dt.date]:
        self.is_valid()
        today = timezone.localdate()
        until = min(max(self.cleaned_data.get("until") or today, FIRST), LAST)
        since = self.cleaned_data.get("since") or until.replace(day=1)
        return min(max(since, FIRST), until), until


class CloseForm(forms.Form):
    """``sure`` is shown when a check found something."""

    day = forms.DateField(label=_("Close up to"), widget=DAY)
    sure = forms.BooleanField(label=_("Close although a check found something"), required=False)

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if not FIRST <= day < timezone.localdate():
            raise forms.ValidationError(_("Only a day that is over can be closed."))
        return day


class SettlementForm(TableForm):
    """A provider's settlement. ``rows``: what the table says."""

    gateway = forms.ChoiceField(label=_("Provider"))
    table = table_field(
        example=",".join(COLUMNS),
        help_text=_(
            "The report of Stripe, PayPal, Alipay or WeChat Pay as it comes, or these columns. All rows or"
            " none; a payout is taken once."
        ),
        most_bytes=5_000_000,
    )
    field_order = ("gateway", "table", "file")
    encodings = ("utf-8-sig", "gb18030")  # Alipay's bills

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.label) for one in gateways_all() if not hasattr(one, "books_to")]
        field: Any = self.fields["gateway"]
        field.choices = choices
        self.rows: list[SettlementRow] = []

    def table_take(self, text: str) -> None:
        self.rows = settlement_read(text, gateway_code=self.cleaned_data.get("gateway", ""))
