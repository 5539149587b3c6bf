"""What a customer may write about an order."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.opinions.texts import text_cleaned


def text_or_refusal(text: str) -> str:
    """Plain text without control characters; a refusal if nothing is left."""
    cleaned = text_cleaned(text)
    if not cleaned:
        raise forms.ValidationError(_("Please write something."))
    return cleaned


class CustomerMessageForm(forms.Form):
    """``key`` makes a second submit of the same page the same message."""

    text = forms.CharField(
        label=_("Your message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def clean_text(self) -> str:
        return text_or_refusal(self.cleaned_data["text"])
