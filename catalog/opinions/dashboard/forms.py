"""What moderators choose and write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.opinions.forms import PlainTextField
from catalog.opinions.models import Reason, State
from catalog.opinions.selectors.summary import LANGUAGES

STATES = [(str(state.value), state.label) for state in State]


class QueueFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Words, name or product")}
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All")), *LANGUAGES.items()]
    )
    stars = forms.TypedChoiceField(
        label=_("Stars"),
        required=False,
        coerce=int,
        empty_value=0,
        choices=[("", _("All")), *((str(star), "★" * star) for star in range(5, 0, -1))],
    )

    def criteria(self) -> dict[str, Any]:
        """Keywords for `queue`; what cannot be read is left out."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "language": data.get("language", ""),
            "stars": data.get("stars") or 0,
        }


class DecisionForm(forms.Form):
    """``seen``: the state that the page showed, so that the second moderator is told."""

    state = forms.TypedChoiceField(choices=STATES[1:], coerce=lambda value: State(int(value)))
    seen = forms.TypedChoiceField(choices=STATES, coerce=lambda value: State(int(value)))
    version = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    reason = forms.ChoiceField(label=_("Why"), choices=[("", "—"), *Reason.choices], required=False)
    note = PlainTextField(label=_("A word to the author"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == State.REJECTED and not (data.get("reason") or data.get("note")):
            self.add_error("reason", _("Choose why: the author is told."))
        return data


class BulkForm(forms.Form):
    """What to do with all that are ticked."""

    action = forms.TypedChoiceField(choices=STATES[1:], coerce=lambda value: State(int(value)))
    reason = forms.ChoiceField(choices=[("", "—"), *Reason.choices], required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("action") == State.REJECTED and not data.get("reason"):
            self.add_error("reason", _("Choose why: the authors are told."))
        return data


class ReplyForm(forms.Form):
    """``is_question``: an answer cannot be empty, a reply can be taken away."""

    text = PlainTextField(label=_("Your words"), lines=True, max_length=2000, required=False)

    def __init__(self, *args: Any, is_question: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = is_question
        self.fields["text"].widget.attrs["rows"] = 3
