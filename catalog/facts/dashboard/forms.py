"""What the office says of brands and collections, in every language of the shop."""

import re
from typing import Any

import nh3
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.facts.models import Brand
from catalog.listing.models import CollectionText
from shop.core.uploads import picture_cleaned

LANGUAGES = [(code.replace("-", "_"), name) for code, name in settings.LANGUAGES]
FIRST = LANGUAGES[0][0]
TEXT_AT_MOST = 4000
TEXTS = {
    "name": _("Name"),
    "description": _("Text"),
    "meta_title": _("Title for search engines"),
    "meta_description": _("Description for search engines"),
}
SEO = ("meta_title", "meta_description")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def in_languages(*names: str) -> list[str]:
    return [f"{name}_{code}" for name in names for code, _language in LANGUAGES]


class TextsForm(forms.ModelForm):
    """Name, text and picture; the name in the first language must be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in LANGUAGES:
            for name, label in TEXTS.items():
                field = self.fields[f"{name}_{code}"]
                field.label = _("%(label)s (%(language)s)") % {"label": label, "language": language}
                field.required = name == "name" and code == FIRST
                if name == "meta_description":
                    field.widget = forms.Textarea(attrs={"rows": 2, "maxlength": field.max_length})
                elif name == "description":
                    attrs = {"rows": 4, "maxlength": TEXT_AT_MOST}
                    field.widget = forms.Textarea(attrs=attrs)
                    field.max_length = TEXT_AT_MOST
                field.widget.attrs["lang"] = code.replace("_hans", "-Hans")
        self.fields["image"].widget = forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp"}
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in in_languages("description"):
            text = (data.get(name) or "").strip()
            if len(text) > TEXT_AT_MOST:
                self.add_error(name, gettext("This text is too long."))
            data[name] = nh3.clean(text) if "<" in text else text
        if isinstance(data.get("image"), UploadedFile):
            try:
                data["image"] = picture_cleaned(data["image"])
            except ValidationError as error:
                self.add_error("image", error)
        return data


class BrandForm(TextsForm):
    class Meta:
        model = Brand
        fields = [
            *in_languages("name"),
            "slug",
            *in_languages("description"),
            "image",
            *in_languages(*SEO),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Left empty it is made from the English name.")

    def clean_slug(self) -> str:
        slug = self.cleaned_data.get("slug") or slugify(self.cleaned_data.get(f"name_{FIRST}", ""))
        slug = slug[:50].strip("-").lower()
        if not SLUG.fullmatch(slug):
            raise ValidationError(_("Write an address of plain letters and digits."))
        if Brand.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another brand has this address."))
        return slug


class CollectionForm(TextsForm):
    is_public = forms.BooleanField(
        label=_("In the shop"),
        required=False,
        help_text=_("Shoppers find it among the collections."),
    )

    class Meta:
        model = CollectionText
        fields = [*in_languages("name"), *in_languages("description"), "image", *in_languages(*SEO)]
