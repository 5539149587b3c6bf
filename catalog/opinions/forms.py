"""What shoppers type. Whatever is refused, the words stay in the form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.opinions.models import Reason
from catalog.opinions.services.reviews import PHOTOS_AT_MOST
from catalog.opinions.texts import text_cleaned
from shop.core.uploads import picture_cleaned

EDGE = 1600  # pixels of the longer side; enough to look closely
STARS = [
    (1, gettext_lazy("Bad")),
    (2, gettext_lazy("Not so good")),
    (3, gettext_lazy("Fine")),
    (4, gettext_lazy("Good")),
    (5, gettext_lazy("Very good")),
]


class PlainTextField(forms.CharField):
    """Text without control characters; ``lines`` keeps its paragraphs."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(widget=forms.Textarea if lines else forms.TextInput, **kwargs)

    def to_python(self, value: Any) -> str:
        return text_cleaned(super().to_python(value), lines=self.lines)


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures, ``most`` of them, cleaned one by one; the value is a list of fresh files."""

    widget = PhotosInput

    def __init__(self, *, most: int = PHOTOS_AT_MOST, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[ContentFile]:
        uploads: list[UploadedFile] = [one for one in data or [] if one]
        if len(uploads) > self.most:
            text = ngettext("%(most)d photo at most.", "%(most)d photos at most.", self.most)
            raise ValidationError(text % {"most": self.most})
        cleaned, errors = [], []
        for upload in uploads:
            try:
                cleaned.append(picture_cleaned(upload, edge=EDGE))
            except ValidationError as error:
                name = text_cleaned(str(upload.name), lines=False)[:60]
                errors.append(f"{name}: {error.messages[0]}")
        if errors:
            raise ValidationError(errors)
        return cleaned


class ReviewForm(forms.Form):
    """``kept``: the photos that a review has already, each with a box to take it out."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("Your stars"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("How many stars do you give?")},
    )
    title = PlainTextField(
        label=gettext_lazy("In one line"),
        max_length=100,
        min_length=2,
        error_messages={"required": gettext_lazy("Say it in one line.")},
    )
    text = PlainTextField(
        label=gettext_lazy("Your review"),
        lines=True,
        max_length=4000,
        min_length=10,
        help_text=gettext_lazy(
            "What is it like to live with? What should others know before they buy it?"
        ),
        error_messages={"required": gettext_lazy("Write a sentence or two.")},
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy(
            "Up to 4, each JPEG, PNG or WebP of 10 MB at most. We take out where and when they were made."
        ),
    )

    def __init__(self, *args: Any, kept: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = list(kept)
        self.fields["text"].widget.attrs["rows"] = 7
        self.fields["photos"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp"
        known = [(str(photo.pk), str(photo.pk)) for photo in self.kept]
        self.fields["drop"] = forms.TypedMultipleChoiceField(
            choices=known, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        left = len(self.kept) - len(data.get("drop", []))
        if left + len(data.get("photos") or []) > PHOTOS_AT_MOST:
            self.add_error("photos", _("With those that are here already these are too many."))
        return data


class QuestionForm(forms.Form):
    """``guest``: whoever is not signed in says where the answer should go."""

    text = PlainTextField(
        label=gettext_lazy("Your question"),
        lines=True,
        min_length=8,
        max_length=600,
        error_messages={"required": gettext_lazy("What would you like to know?")},
    )
    name = PlainTextField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("Shown as “Hannah K.” or “林**”."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=200,
        help_text=gettext_lazy("The answer goes there. It is never shown."),
    )

    def __init__(self, *args: Any, guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 3
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if not guest:
            del self.fields["name"], self.fields["email"]


class AnswerForm(forms.Form):
    text = PlainTextField(
        label=gettext_lazy("Your answer"),
        lines=True,
        min_length=2,
        max_length=1500,
        error_messages={"required": gettext_lazy("Write your answer first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 3


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what fits best.")},
    )
    note = PlainTextField(label=gettext_lazy("Tell us more"), required=False, max_length=300)
