"""What is decided about an order, and how the rules are set."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.checkout.forms import plain
from orders.fraud.models import Listed, ListedKind, Verdict
from orders.fraud.scoring import SetRule
from orders.fraud.settings import value_folded

TYPED = (ListedKind.EMAIL, ListedKind.DOMAIN, ListedKind.PHONE, ListedKind.NETWORK)
DOMAINS_MOST = 2000


class DecisionForm(forms.Form):
    words = forms.CharField(
        label=_("What was found out"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    remember = forms.BooleanField(required=False)

    def __init__(self, *args: Any, remember: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = remember

    def clean_words(self) -> str:
        words = plain(self.cleaned_data["words"])
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return words


class RuleForm(forms.Form):
    """One rule: whether it is used, its weight, and a field for each of its parameters."""

    is_on = forms.BooleanField(label=_("In use"), required=False)
    weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=100)

    def __init__(self, *args: Any, one: SetRule, **kwargs: Any) -> None:
        initial = {"is_on": one.is_on, "weight": one.weight}
        for name, value in one.params.items():
            initial[name] = "\n".join(value) if isinstance(value, list) else value
        super().__init__(*args, initial=initial, auto_id=f"{one.rule.code}_%s", **kwargs)
        self.one = one
        for name, param in one.rule.params.items():
            if param.is_list:
                self.fields[name] = forms.CharField(
                    label=param.name,
                    required=False,
                    max_length=60_000,
                    help_text=_("One on each line."),
                    widget=forms.Textarea(attrs={"rows": 4}),
                )
            else:
                self.fields[name] = forms.IntegerField(
                    label=param.name, min_value=param.least, max_value=param.most
                )

    def params(self) -> dict[str, Any]:
        """Only for a valid form."""
        found = {}
        for name, param in self.one.rule.params.items():
            value = self.cleaned_data[name]
            found[name] = _domains(value) if param.is_list else value
        return found


class LineForm(forms.Form):
    score = forms.IntegerField(
        label=_("Orders wait from this score on"),
        min_value=1,
        max_value=101,
        help_text=_("101: none waits."),
    )


class ListedForm(forms.ModelForm):
    class Meta:
        model = Listed
        fields = ("verdict", "kind", "shown", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.value, one.label) for one in TYPED]
        self.fields["verdict"].choices = Verdict.choices

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("kind") and data.get("shown"):
            try:
                data["value"] = value_folded(data["kind"], plain(data["shown"]))
            except ValueError:
                self.add_error("shown", _("This does not look like one."))
        return data


def _domains(text: str) -> list[str]:
    words = {plain(word).casefold().lstrip("@") for word in text.split()}
    return sorted(word for word in words if "." in word and len(word) < 254)[:DOMAINS_MOST]
