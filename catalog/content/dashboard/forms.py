"""What the office writes, in every language of the shop side by side."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.content.markup import TEXT_AT_MOST, names_in
from catalog.content.models import Article, FaqItem, Page, Topic
from catalog.content.services import families_named
from shop.core.uploads import picture_cleaned

LANGUAGES = [(code.replace("-", "_"), name) for code, name in settings.LANGUAGES]
FIRST = LANGUAGES[0][0]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOMENT = "%Y-%m-%dT%H:%M"
COVER_EDGE = 1600  # pixels of the longer side
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
NAMED_AT_MOST = 5  # names in one complaint


def moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class BothForm(forms.ModelForm):
    """``texts``: fields that exist once per language, shown side by side; the first of them must be
    there in the first language. ``long``: those written in Markdown.
    """

    texts: tuple[str, ...] = ()
    long: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in LANGUAGES:
            for name in self.texts:
                field = self.fields[f"{name}_{code}"]
                label = self._meta.model._meta.get_field(name).verbose_name
                field.label = _("%(label)s (%(language)s)") % {"label": label, "language": language}
                field.required = name == self.texts[0] and code == FIRST
                if name in self.long:
                    field.widget = forms.Textarea(attrs={"rows": 18, "maxlength": TEXT_AT_MOST})
                    field.max_length = TEXT_AT_MOST
                field.widget.attrs["lang"] = code.replace("_hans", "-Hans")

    def columns(self) -> Iterator[dict[str, Any]]:
        """For the template: one column of fields per language."""
        for code, language in LANGUAGES:
            fields = [self[f"{name}_{code}"] for name in self.texts]
            yield {
                "code": code,
                "lang": code.replace("_hans", "-Hans"),
                "language": language,
                "fields": [
                    one for one in fields if one.name.removesuffix(f"_{code}") not in self.long
                ],
                "long": [one for one in fields if one.name.removesuffix(f"_{code}") in self.long],
            }

    def rest(self) -> list[forms.BoundField]:
        """The fields that no language owns."""
        both = {f"{name}_{code}" for name in self.texts for code, _language in LANGUAGES}
        return [field for field in self if field.name not in both]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for code, _language in LANGUAGES:
            for name in self.long:
                text = (data.get(f"{name}_{code}") or "").replace("\r\n", "\n").strip()
                data[f"{name}_{code}"] = text
                if len(text) > TEXT_AT_MOST:
                    self.add_error(f"{name}_{code}", gettext("This text is too long."))
                elif problem := goods_problem(text):
                    self.add_error(f"{name}_{code}", problem)
        return data

    def clean_slug(self) -> str:
        """The address; made from the first text in the first language when left empty."""
        field = self._meta.model._meta.get_field("slug")
        first = self.data.get(self.add_prefix(f"{self.texts[0]}_{FIRST}")) or ""
        slug = self.cleaned_data.get("slug") or slugify(first)
        slug = slug[: field.max_length].strip("-").lower()
        if not SLUG.fullmatch(slug):
            raise ValidationError(_("Write an address of plain letters and digits."))
        if self._meta.model.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This address is taken."))
        return slug

    def _slug_left_empty(self) -> None:
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Left empty it is made from the English title.")


def goods_problem(text: str) -> str:
    """What is wrong with the products that a text names; "" for nothing."""
    names = names_in(text)
    unknown = [name for name in names if name not in families_named(names)]
    if not unknown:
        return ""
    return gettext("No product has this SKU or address: %(names)s") % {
        "names": ", ".join(unknown[:NAMED_AT_MOST])
    }


def _columns_of(*names: str) -> list[str]:
    return [f"{name}_{code}" for name in names for code, _language in LANGUAGES]


class ArticleForm(BothForm):
    texts = ("title", "summary", "cover_alt", "body")
    long = ("body",)
    published_at = moment_field(
        _("Shown from"), _("A moment in the future: it appears by itself. Empty: at once.")
    )
    shown_until = moment_field(_("Shown until"), _("Empty: for good."))

    class Meta:
        model = Article
        fields = [
            *_columns_of("title", "summary", "cover_alt", "body"),
            "slug",
            "topic",
            "author",
            "cover",
            "is_public",
            "published_at",
            "shown_until",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slug_left_empty()
        self.fields["topic"].empty_label = _("None")
        self.fields["cover"].widget = forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp"}
        )
        self.fields["is_public"].help_text = _("Without it this is a draft.")
        for code, _language in LANGUAGES:
            self.fields[f"summary_{code}"].widget = forms.Textarea(
                attrs={"rows": 3, "maxlength": 300, "lang": code.replace("_hans", "-Hans")}
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if isinstance(data.get("cover"), UploadedFile):
            try:
                data["cover"] = picture_cleaned(data["cover"], edge=COVER_EDGE)
            except ValidationError as error:
                self.add_error("cover", error)
        begins, ends = data.get("published_at"), data.get("shown_until")
        if ends and begins and ends <= begins:
            self.add_error("shown_until", gettext("It ends before it begins."))
        return data


class TopicForm(BothForm):
    texts = ("name",)

    class Meta:
        model = Topic
        fields = [*_columns_of("name"), "slug", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slug_left_empty()


class PageForm(BothForm):
    """The words that are worked on; ``valid_from`` and ``note`` are for publishing them."""

    texts = ("title", "body")
    long = ("body",)

    class Meta:
        model = Page
        fields = [*_columns_of("title", "body"), "slug", "kind", "place", "position", "is_public"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slug_left_empty()


class PublishForm(forms.Form):
    valid_from = moment_field(
        _("Valid from"), _("A moment in the future: it takes over by itself. Empty: at once.")
    )
    note_en = forms.CharField(label=_("What changed (English)"), required=False, max_length=160)
    note_zh_hans = forms.CharField(
        label=_("What changed (Chinese)"), required=False, max_length=160
    )

    def notes(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"note_{code}"] for code, _language in LANGUAGES}


class QuestionForm(BothForm):
    texts = ("question", "answer")
    long = ("answer",)

    class Meta:
        model = FaqItem
        fields = [*_columns_of("question", "answer"), "position", "is_public"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[f"answer_{FIRST}"].required = True
        for code, _language in LANGUAGES:
            self.fields[f"answer_{code}"].widget.attrs["rows"] = 6
