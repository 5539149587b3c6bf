"""What the team says to a return."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from catalog.models import Category
from catalog.opinions.forms import PlainTextField
from orders.returns.models import ReturnLine, ReturnPolicy
from orders.returns.services import Found
from orders.returns.states import FAULTS, ReturnReason, Wish
from supply.models import Warehouse

DAYS_AT_MOST = 3650


class ReturnFilterForm(forms.Form):
    """Narrows the list; what cannot be read is ignored."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": gettext_lazy("Return, order, name, e-mail, SKU or tracking"),
            }
        ),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        required=False,
        choices=[("", gettext_lazy("Any reason")), *ReturnReason.choices],
    )
    product = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def criteria(self) -> dict[str, Any]:
        """Keywords for `returns_find`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "reason": data.get("reason", ""),
            "product_id": data.get("product"),
        }


class ScanForm(forms.Form):
    code = PlainTextField(
        label=gettext_lazy("Scan"),
        max_length=120,
        help_text=gettext_lazy("The slip, the order, or the bars of a product."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "enterkeyhint": "go"}


class RefuseForm(forms.Form):
    because = PlainTextField(
        label=gettext_lazy("Why not"),
        lines=True,
        max_length=400,
        help_text=gettext_lazy("The customer reads this, in the language that you write it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].widget.attrs["rows"] = 3


class CloseForm(RefuseForm):
    """The same question where a return ends without money."""


class ReceiveForm(forms.Form):
    """Which warehouse has it; asked where there are several."""

    warehouse = forms.ModelChoiceField(
        label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Warehouse.objects.order_by("-is_default", "rank", "name")
        self.places = list(rows)
        self.fields["warehouse"].queryset = rows
        if len(self.places) < 2:
            del self.fields["warehouse"]


class RepairedForm(forms.Form):
    """Who takes it back to the customer."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    tracking_number = PlainTextField(
        label=gettext_lazy("Tracking number"), max_length=60, required=False
    )


class RefurbishedForm(forms.Form):
    """``left``: how many the page said there were, so that it counts once."""

    good = forms.IntegerField(label=gettext_lazy("Back to stock"), min_value=0, required=False)
    scrap = forms.IntegerField(label=gettext_lazy("Scrap"), min_value=0, required=False)
    left = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class OutcomeField(forms.IntegerField):
    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"


class InspectForm(forms.Form):
    """Four numbers for each line; together they are what was announced."""

    OUTCOMES = {
        "restock": gettext_lazy("On the shelf"),
        "refurbish": gettext_lazy("Refurbish"),
        "scrap": gettext_lazy("Scrap"),
        "not_received": gettext_lazy("Not in it"),
    }

    note = PlainTextField(
        label=pgettext_lazy("of an inspection", "Note"), required=False, max_length=400
    )

    def __init__(self, *args: Any, lines: Iterable[ReturnLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            for outcome, label in self.OUTCOMES.items():
                initial = line.quantity if outcome == "restock" else 0
                self.fields[f"{outcome}_{line.pk}"] = OutcomeField(
                    label=label, most=line.quantity, initial=initial
                )
            if line.condition and line.reason not in FAULTS:
                text = _("Worse than “%(condition)s”")
                self.fields[f"worse_{line.pk}"] = forms.BooleanField(
                    label=text % {"condition": line.get_condition_display()}, required=False
                )
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def fields_of(self, line: ReturnLine) -> list[forms.BoundField]:
        return [self[f"{outcome}_{line.pk}"] for outcome in self.OUTCOMES]

    def worse_of(self, line: ReturnLine) -> forms.BoundField | None:
        """None where the condition is nobody's choice."""
        name = f"worse_{line.pk}"
        return self[name] if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for line in self.lines:
            if self._found(line).units != line.quantity and not self._is_wrong(line):
                text = ngettext(
                    "Together it must be %(units)d unit.",
                    "Together they must be %(units)d units.",
                    line.quantity,
                )
                self.add_error(f"restock_{line.pk}", text % {"units": line.quantity})
        return data

    def found(self) -> dict[int, Found]:
        """By line of the return."""
        return {line.pk: self._found(line) for line in self.lines}

    def _found(self, line: ReturnLine) -> Found:
        data = self.cleaned_data
        units = {name: data.get(f"{name}_{line.pk}") or 0 for name in self.OUTCOMES}
        return Found(**units, is_worse=bool(data.get(f"worse_{line.pk}")))

    def _is_wrong(self, line: ReturnLine) -> bool:
        return any(f"{outcome}_{line.pk}" in self.errors for outcome in self.OUTCOMES)


class RefundForm(forms.Form):
    amount = forms.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal("0.01"))

    to = forms.ChoiceField(
        label=gettext_lazy("Goes back as"),
        choices=[one for one in Wish.choices if one[0] in (Wish.REFUND, Wish.CREDIT)],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        most: Decimal,
        offered: Decimal,
        currency: str,
        wish: str,
        is_member: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].initial = Wish.CREDIT if wish == Wish.CREDIT else Wish.REFUND
        if not is_member:
            del self.fields["to"]
        field = self.fields["amount"]
        field.label = _("Amount in %(currency)s") % {"currency": currency}
        field.initial = offered or None  # where all is taken off, nobody is tempted to send all
        field.widget.attrs["max"] = str(most)


class PolicyForm(forms.ModelForm):
    """A rule of a category; the one of everything else has none."""

    free_reasons = forms.MultipleChoiceField(
        label=gettext_lazy("We pay the way back if"),
        choices=ReturnReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = ReturnPolicy
        fields = (
            *("category", "days", "fault_days", "condition", "worse_percent"),
            *("repairs", "free_reasons", "pays_delivery"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].max_value = self.fields["fault_days"].max_value = DAYS_AT_MOST
        if self.instance.pk and self.instance.category_id is None:
            del self.fields["category"]
        else:
            self.fields["category"].required = True
            self.fields["category"].queryset = Category.objects.order_by("path")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        days, fault_days = data.get("days"), data.get("fault_days")
        if fault_days is not None and fault_days > DAYS_AT_MOST:
            self.add_error("fault_days", _("Ten years at most."))
        elif days is not None and fault_days is not None and days > fault_days:
            self.add_error("fault_days", _("Not fewer than for a change of mind."))
        return data
