"""The box above a list: words to look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """``?q=`` over a list. ``hint`` says what can be looked for."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hint:
            self.fields["q"].widget.attrs["placeholder"] = hint

    def text(self) -> str:
        """What was asked for; empty when it cannot be read."""
        return self.cleaned_data["q"] if self.is_valid() else ""
