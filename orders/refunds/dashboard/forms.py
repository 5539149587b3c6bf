"""What a clerk may say about money that goes back."""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.refunds.selectors import LineLeft
from payments.targets import RefundTarget


class AskForm(forms.Form):
    """Units of lines, delivery, or an amount; ``key`` makes a second submit the same request."""

    with_delivery = forms.BooleanField(label=_("And what delivery cost"), required=False)
    amount = forms.DecimalField(
        label=_("Or an amount"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=_("Only where it is not for units of a line, taxes included."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The customer reads it on the credit note.")
    )
    target = forms.ChoiceField(label=_("Where it goes"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        lines: Iterable[LineLeft],
        targets: Iterable[RefundTarget],
        has_delivery: bool,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.lines = [one for one in lines if one.units and one.amount]
        others = {
            f"line-{one.line.pk}": forms.IntegerField(
                label=one.line.product.get_title() if one.line.product else one.line.title,
                required=False,
                min_value=0,
                max_value=one.units,
                help_text=gettext("Units, of %(units)s") % {"units": one.units},
            )
            for one in self.lines
        }
        self.fields = {**others, **self.fields}
        choices = [(one.code, one.label) for one in targets]
        if choices:
            self.fields["target"].choices = [("", _("The way that it came")), *choices]
        else:
            del self.fields["target"]
        if not has_delivery:
            del self.fields["with_delivery"]

    def clean(self) -> dict:
        data = super().clean()
        by_part = bool(self.units()) or data.get("with_delivery")
        if self.errors:
            return data
        if by_part and data.get("amount"):
            self.add_error("amount", _("Either units or an amount, not both."))
        if not by_part and not data.get("amount"):
            self.add_error("amount", _("Please say how many units, or how much."))
        return data

    def units(self) -> dict[int, int]:
        """By the line's id, those that were named."""
        named = {one.line.pk: self.cleaned_data.get(f"line-{one.line.pk}") for one in self.lines}
        return {pk: count for pk, count in named.items() if count}


class DeclineForm(forms.Form):
    why = forms.CharField(label=_("Why not"), max_length=300)


class LimitsForm(forms.Form):
    """An amount for each role; an empty one leaves what holds for all."""

    def __init__(self, *args, groups: Iterable[Group], **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = list(groups)
        for group in self.groups:
            self.fields[f"group-{group.pk}"] = forms.DecimalField(
                label=gettext(group.name),
                required=False,
                max_digits=12,
                decimal_places=2,
                min_value=Decimal(0),
            )
