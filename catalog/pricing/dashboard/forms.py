"""What the team types about prices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.partner.models import StockRecord
from catalog.pricing.list_services import EntryRow
from catalog.pricing.models import PriceList
from catalog.pricing.spreadsheet import prices_read
from shop.core.money import exponent
from shop.core.tables import TableForm, table_field

MOST_UNITS = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD
MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class PriceListForm(forms.ModelForm):
    starts_at = _moment(_("Starts"))
    ends_at = _moment(_("Ends"))

    class Meta:
        model = PriceList
        fields = (
            "name_en",
            "name_zh_hans",
            "code",
            "currency",
            "starts_at",
            "ends_at",
            "members_only",
            "group",
            "priority",
            "is_active",
        )
        labels = {"name_en": _("Name in English"), "name_zh_hans": _("Name in Chinese")}
        help_texts = {
            "priority": _("The highest goes first; among equals the lowest price does."),
            "code": _("Stands in the price history; keep it once prices were made with it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_en"].required = True
        self.fields["name_zh_hans"].required = False
        # Groups that may do something are the team's roles, no customers.
        customers = Q(permissions=None) | Q(pk=self.instance.group_id)
        self.fields["group"].queryset = self.fields["group"].queryset.filter(customers).distinct()
        self.fields["currency"].validators.append(
            RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It must end after it starts."))
        return data


class EntryForm(forms.Form):
    """One price. Adding a SKU and quantity that are there changes their price."""

    sku = forms.CharField(label=_("SKU"), max_length=128)
    quantity = forms.IntegerField(
        label=_("From quantity"), min_value=1, max_value=MOST_UNITS, initial=1
    )
    price = forms.DecimalField(label=_("Price"), max_digits=11, decimal_places=2)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_sku(self) -> str:
        sku = self.cleaned_data["sku"].strip()
        found = StockRecord.objects.filter(
            partner_sku=sku, price_currency__in=(self.currency, settings.OSCAR_DEFAULT_CURRENCY)
        )
        ids = list(found.values_list("pk", flat=True)[:2])
        if len(ids) != 1:
            text = _("There is no such SKU.") if not ids else _("Several goods have this SKU.")
            raise forms.ValidationError(text)
        self.record_id = ids[0]
        return sku

    def clean_price(self) -> Decimal:
        price = self.cleaned_data["price"]
        if price <= 0:
            raise forms.ValidationError(_("The price must be above nothing."))
        if price != price.quantize(exponent(self.currency)):
            raise forms.ValidationError(_("This currency has no such small coin."))
        return price

    def row(self) -> EntryRow:
        data = self.cleaned_data
        return EntryRow(self.record_id, data["quantity"], data["price"])


class ImportForm(TableForm):
    """Prices of a list in its ``currency``. ``rows``: what the table says."""

    table = table_field(
        example="SKU,3,8.40",
        help_text=_("SKU, from quantity, price; one row each. All of them or none."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.rows: list[EntryRow] = []

    def table_take(self, text: str) -> None:
        self.rows = prices_read(text, currency=self.currency)


class CheckForm(forms.Form):
    """What a price would be, for whom. ``customer`` only where the person may see customers."""

    sku = forms.CharField(label=_("SKU"), max_length=128)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MOST_UNITS, initial=1, required=False
    )
    customer = forms.EmailField(
        label=_("Customer's e-mail"),
        required=False,
        help_text=_("Empty: somebody who is not signed in."),
    )

    def __init__(self, *args: Any, may_see_customers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_customers:
            del self.fields["customer"]
