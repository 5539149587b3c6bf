"""What a shopper says about a return. Whatever is refused, the words stay in the form."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.opinions.forms import PlainTextField
from orders.models import Line
from orders.page_parts import picture_of
from orders.returns.fields import photos_field
from orders.returns.selectors import Returnable
from orders.returns.services import Wanted
from orders.returns.states import REPAIRABLE, ReturnReason, Wish
from orders.returns.swaps import Swap, swaps_of
from shop.core.money import shown

UNITS_AT_MOST = 99  # of one line at once; more come in a second return


SHOPPER_WORDS = {
    "reason": gettext_lazy("Tell us why."),
    "swap": gettext_lazy("Choose what you would like instead, or ask for your money."),
    "nothing": gettext_lazy("Choose what you would like to send back."),
}
TEAM_WORDS = {
    "reason": gettext_lazy("Say why."),
    "swap": gettext_lazy("Choose what the customer gets instead, or another wish."),
    "nothing": gettext_lazy("Choose what comes back."),
}
TEAM_WISHES = {
    Wish.REFUND: gettext_lazy("Money back"),
    Wish.REPAIR: gettext_lazy("A repair"),
}
TEAM_REASONS = {ReturnReason.MIND: gettext_lazy("The customer changed their mind")}


class ReasonField(forms.ChoiceField):
    """Wanted of what goes back; the form knows which lines do."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class ReturnForm(forms.Form):
    """Three fields for each line that may come back, then photos. ``key`` makes it count once."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    photos = photos_field()

    wish = forms.ChoiceField(
        label=gettext_lazy("What would you like for it?"),
        choices=Wish.choices,
        initial=Wish.REFUND,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Store credit is there as soon as we have seen what came."),
    )

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Returnable],
        is_member: bool = False,
        is_any_day: bool = False,
        **kwargs: Any,
    ) -> None:
        """``is_member``: may have store credit. ``is_any_day``: for the team, who may be kinder
        than the rules.
        """
        super().__init__(*args, **kwargs)
        if self.is_bound and "wish" not in self.data:  # a page that did not ask for one
            self.data = self.data.copy()
            self.data["wish"] = Wish.REFUND
        today = timezone.localdate()
        self.lines = [one for one in lines if one.left and (is_any_day or one.reasons(today))]
        able = {one.line.pk: swaps_of(one.line) for one in self.lines}
        self.has_swaps = any(able.values())
        able_wishes = {
            Wish.CREDIT: is_member,
            Wish.EXCHANGE: self.has_swaps,
            Wish.REPAIR: any(one.may_be_repaired(today) for one in self.lines),
        }
        self.fields["wish"].choices = [one for one in Wish.choices if able_wishes.get(one[0], True)]
        if not is_member:
            self.fields["wish"].help_text = ""
        self.fields["key"].initial = uuid.uuid4()
        is_alone = len(self.lines) == 1
        for one in self.lines:
            pk, most = one.line.pk, min(one.left, UNITS_AT_MOST)
            choices = [(units, str(units)) for units in range(most + 1)]
            self.fields[f"units_{pk}"] = forms.TypedChoiceField(
                label=gettext_lazy("How many"),
                choices=choices,
                coerce=int,
                initial=1 if is_alone and most == 1 else 0,
            )
            able_reasons = list(ReturnReason) if is_any_day else one.reasons(today)
            reasons = [(reason.value, reason.label) for reason in able_reasons]
            self.fields[f"reason_{pk}"] = ReasonField(
                label=gettext_lazy("Why"),
                choices=[("", gettext_lazy("Choose a reason")), *reasons],
            )
            self.fields[f"comment_{pk}"] = PlainTextField(
                label=gettext_lazy("What should we know?"), max_length=500, required=False
            )
            self.fields[f"swap_{pk}"] = forms.TypedChoiceField(
                label=gettext_lazy("In exchange for it"),
                choices=[("", gettext_lazy("Nothing")), *_named(one.line, able[pk])],
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.order_fields([*(name for name in self.fields if "_" in name), "wish", "photos", "key"])
        self.words = SHOPPER_WORDS
        if is_any_day:
            self._speak_to_the_team()

    def _speak_to_the_team(self) -> None:
        """Whoever fills it in for a customer is not the customer."""
        self.fields["wish"].label = gettext_lazy("What would the customer like for it?")
        if self.fields["wish"].help_text:
            self.fields["wish"].help_text = gettext_lazy(
                "Store credit is there as soon as the warehouse has seen what came."
            )
        self.fields["photos"].help_text = gettext_lazy(
            "Up to 5 that the customer sent, each JPEG, PNG or WebP of 10 MB at most."
        )
        self.words = TEAM_WORDS
        wishes = self.fields["wish"]
        wishes.choices = [(code, TEAM_WISHES.get(code, name)) for code, name in wishes.choices]
        for one in self.lines:
            reason = self.fields[f"reason_{one.line.pk}"]
            reason.choices = [(code, TEAM_REASONS.get(code, name)) for code, name in reason.choices]
            label = gettext_lazy("What does the customer say?")
            self.fields[f"comment_{one.line.pk}"].label = label

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each line."""
        return [
            {
                "line": one.line,
                "title": one.line.product.get_title() if one.line.product else one.line.title,
                "picture": picture_of(one.line.product) if one.line.product else None,
                "left": one.left,
                "units": self[f"units_{one.line.pk}"],
                "reason": self[f"reason_{one.line.pk}"],
                "comment": self[f"comment_{one.line.pk}"],
                "swap": self[f"swap_{one.line.pk}"]
                if len(self.fields[f"swap_{one.line.pk}"].choices) > 1
                else None,
            }
            for one in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [one.line.pk for one in self.lines if data.get(f"units_{one.line.pk}")]
        for pk in chosen:
            if not data.get(f"reason_{pk}") and f"reason_{pk}" not in self.errors:
                self.add_error(f"reason_{pk}", self.words["reason"])
            lacks_swap = data.get("wish") == Wish.EXCHANGE and not data.get(f"swap_{pk}")
            if lacks_swap and f"swap_{pk}" not in self.errors:
                self.add_error(f"swap_{pk}", self.words["swap"])
            no_repair = data.get("wish") == Wish.REPAIR and data.get(f"reason_{pk}")
            if no_repair and data[f"reason_{pk}"] not in REPAIRABLE:
                text = _("Only what broke or arrived damaged can be repaired.")
                self.add_error(f"reason_{pk}", text)
        if not chosen and not self.errors:
            self.add_error(None, self.words["nothing"])
        return data

    def wanted(self) -> list[Wanted]:
        data = self.cleaned_data
        is_exchange = data.get("wish") == Wish.EXCHANGE
        return [
            Wanted(
                line_id=one.line.pk,
                quantity=data[f"units_{one.line.pk}"],
                reason=data[f"reason_{one.line.pk}"],
                comment=data[f"comment_{one.line.pk}"],
                swap_id=data[f"swap_{one.line.pk}"] if is_exchange else None,
            )
            for one in self.lines
            if data.get(f"units_{one.line.pk}")
        ]


class SendForm(forms.Form):
    """Who carries the parcel; whoever does not know leaves it out."""

    carrier = PlainTextField(label=gettext_lazy("Carrier"), max_length=60, required=False)
    tracking_number = PlainTextField(
        label=gettext_lazy("Tracking number"), max_length=60, required=False
    )


def _named(line: Line, swaps: Sequence[Swap]) -> list[tuple[int, str]]:
    """Each with what it costs more or less today."""
    currency, language = line.order.currency, get_language() or "en"
    named = []
    for one in swaps:
        title = one.product.get_title()
        if one.product.pk == line.product_id:
            title = _("%(title)s (the same again)") % {"title": title}
        if one.more:
            sign = "+" if one.more > 0 else "−"
            title = f"{title} ({sign}{shown(abs(one.more), currency, language)})"
        named.append((one.product.pk, title))
    return named
