"""What a clerk says about warehouses, bins, transfers and counts."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.delivery import country_name
from catalog.partner.models import StockRecord
from supply.dashboard.forms import DAY, MOST
from supply.models import Bin, CountReason, Difference, Transfer, Warehouse
from supply.services import Came

WEEKDAYS = [
    ("1", gettext_lazy("Monday")),
    ("2", gettext_lazy("Tuesday")),
    ("3", gettext_lazy("Wednesday")),
    ("4", gettext_lazy("Thursday")),
    ("5", gettext_lazy("Friday")),
    ("6", gettext_lazy("Saturday")),
    ("7", gettext_lazy("Sunday")),
]


def record_of(text: str) -> StockRecord | None:
    """By SKU or barcode; None when nothing or more than one has it."""
    code = "".join(text.split())
    rows = StockRecord.objects.filter(partner_sku__iexact=code)
    found = list(rows[:2]) or list(StockRecord.objects.filter(product__upc__iexact=code)[:2])
    return found[0] if len(found) == 1 else None


class SkuField(forms.CharField):
    """Cleans to the stock record."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        record = record_of(text)
        if record is None:
            raise forms.ValidationError(_("Nothing has this SKU or barcode."))
        return record


class WarehouseForm(forms.ModelForm):
    working_days = forms.MultipleChoiceField(
        label=gettext_lazy("Working days"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-12-25"}),
        help_text=gettext_lazy("One day on each line, such as 2026-12-25."),
    )

    class Meta:
        model = Warehouse
        fields = [
            "name",
            "code",
            "line1",
            "postcode",
            "city",
            "country",
            "is_sellable",
            "rank",
            "working_days",
            "cut_off",
            "holidays",
        ]
        widgets = {"cut_off": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["country"].label_from_instance = lambda one: country_name(one.pk, language)
        self.initial["working_days"] = list(self.instance.working_days)
        self.initial["holidays"] = "\n".join(map(str, self.instance.holidays))
        if self.instance.is_default:
            del self.fields["is_sellable"]

    def clean_working_days(self) -> str:
        return "".join(sorted(self.cleaned_data["working_days"]))

    def clean_holidays(self) -> list[dt.date]:
        days = set()
        for line in self.cleaned_data["holidays"].split():
            try:
                days.add(dt.date.fromisoformat(line))
            except ValueError as error:
                text = _("“%(text)s” is no day, such as 2026-12-25.")
                raise forms.ValidationError(text % {"text": line[:20]}) from error
        return sorted(days)


class BinsForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("New bins"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "A-01 A-02 A-03"}),
        help_text=gettext_lazy("In the order of the walk, one behind the other."),
    )

    def clean_codes(self) -> list[str]:
        return self.cleaned_data["codes"].replace(",", " ").split()[:500]


class BinPutForm(forms.Form):
    sku = SkuField(label=gettext_lazy("SKU or barcode"), max_length=120)
    bin = forms.CharField(label=gettext_lazy("Bin"), max_length=20)
    units = forms.IntegerField(label=gettext_lazy("Units"), min_value=1, max_value=MOST)

    def __init__(self, *args: Any, warehouse: Warehouse, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="put_%s", **kwargs)
        self.warehouse = warehouse

    def clean_bin(self) -> Bin:
        code = self.cleaned_data["bin"].strip().upper()
        found = Bin.objects.filter(warehouse=self.warehouse, code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no such bin here."))
        return found


class BinForm(forms.ModelForm):
    """What a bin is called, and when somebody walks past it."""

    class Meta:
        model = Bin
        fields = ("code", "rank")
        help_texts = {"rank": gettext_lazy("Pickers walk from the lowest number to the highest.")}

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()


class BinEmptyForm(forms.Form):
    target = forms.CharField(label=gettext_lazy("Into the bin"), max_length=20)

    def __init__(self, *args: Any, shelf: Bin, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="empty_%s", **kwargs)
        self.shelf = shelf

    def clean_target(self) -> Bin:
        code = self.cleaned_data["target"].strip().upper()
        found = Bin.objects.filter(warehouse=self.shelf.warehouse_id, code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no such bin here."))
        return found


class TransferForm(forms.Form):
    """``key`` makes a second submit of the same page the same transfer."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("From"), queryset=Warehouse.objects.none(), empty_label=None
    )
    target = forms.ModelChoiceField(
        label=gettext_lazy("to"), queryset=Warehouse.objects.none(), empty_label=None
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Warehouse.objects.order_by("-is_default", "rank", "name")
        self.fields["source"].queryset = self.fields["target"].queryset = places
        self.fields["key"].initial = uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("source") and data.get("source") == data.get("target"):
            self.add_error("target", _("From one warehouse to another one."))
        return data


class TransferLineForm(forms.Form):
    sku = SkuField(label=gettext_lazy("SKU or barcode"), max_length=120)
    units = forms.IntegerField(
        label=gettext_lazy("Units"),
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy("0 takes it off again."),
    )


class ReceiveForm(forms.Form):
    """What came of each line, and why it is not what was sent."""

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(transfer.lines.select_related("stock_record__product__parent"))
        for line in self.lines:
            self.fields[f"units_{line.pk}"] = forms.IntegerField(
                label=_("Came"), min_value=0, max_value=MOST, initial=line.sent
            )
            self.fields[f"difference_{line.pk}"] = forms.ChoiceField(
                label=_("If it differs, why?"),
                required=False,
                choices=[("", "–"), *Difference.choices],
            )
            self.fields[f"words_{line.pk}"] = forms.CharField(
                label=_("Note"), max_length=200, required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        names = ("units", "difference", "words")
        return [
            {"line": line} | {name: self[f"{name}_{line.pk}"] for name in names}
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for line in self.lines:
            units = data.get(f"units_{line.pk}")
            if units not in (None, line.sent) and not data.get(f"difference_{line.pk}"):
                self.add_error(f"difference_{line.pk}", _("Say of every difference why it is one."))
        return data

    def came(self) -> dict[int, Came]:
        data = self.cleaned_data
        return {
            line.pk: Came(
                data[f"units_{line.pk}"],
                data[f"difference_{line.pk}"],
                data[f"words_{line.pk}"],
            )
            for line in self.lines
        }


class CountForm(forms.Form):
    """``key`` makes a second submit of the same page the same count."""

    warehouse = forms.ModelChoiceField(
        label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.none(), empty_label=None
    )
    bins = forms.CharField(
        label=gettext_lazy("Bins"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy(
            "Such as A-01 A-02; empty: all that stands in bins, 200 places at most."
        ),
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=DAY)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].queryset = Warehouse.objects.filter(bins__isnull=False).distinct()
        self.fields["day"].initial = timezone.localdate()
        self.fields["key"].initial = uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        codes = {one.upper() for one in data.get("bins", "").replace(",", " ").split()}
        rows = Bin.objects.filter(warehouse=data.get("warehouse"), code__in=codes)
        found = dict(rows.values_list("code", "pk"))
        if unknown := sorted(codes - found.keys())[:5]:
            text = _("There is no such bin here: %(bins)s")
            self.add_error("bins", text % {"bins": ", ".join(unknown)})
        data["bins"] = list(found.values())
        return data


class CountedForm(forms.Form):
    """Blind: the book is not shown before the shelf was counted."""

    counted = forms.IntegerField(
        label=gettext_lazy("Units on the shelf"), min_value=0, max_value=MOST
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("If it is not what you expected, why?"),
        required=False,
        choices=[("", "–"), *CountReason.choices],
    )
    words = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)
