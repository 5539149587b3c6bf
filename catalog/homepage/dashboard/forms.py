"""What the office writes for the home page: each kind of block has its own few fields."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.content.dashboard.forms import LANGUAGES, BothForm, moment_field
from catalog.homepage.links import link_problem
from catalog.homepage.models import Audience, Block, Kind, Notice
from catalog.models import Category
from catalog.selectors import category_tree
from shop.core.uploads import picture_cleaned

PICTURE_EDGE = 1600  # pixels of the longer side
SHORT_AT_MOST = 300  # characters of a text that is not Markdown
VERSION_MOST = 2**31 - 1
TEXTS: dict[str, tuple[str, ...]] = {
    Kind.HERO: ("title", "text", "label", "second_label", "picture_alt"),
    Kind.YOURS: (),
    Kind.COLLECTION: ("title", "text"),
    Kind.COUNTDOWN: ("title", "text", "label"),
    Kind.TEXT: ("title", "text"),
}
OTHERS: dict[str, tuple[str, ...]] = {
    Kind.HERO: ("link", "second_link", "picture"),
    Kind.COLLECTION: ("collection",),
    Kind.TILES: ("category_ids",),
    Kind.GUIDE: ("article",),
    Kind.COUNTDOWN: ("ends_at", "link"),
}
TIMED = ("shown_from", "shown_until")
FOR_WHOM = ("audience", "group")
PAIRS = (("label", "link"), ("second_label", "second_link"))
MUST = {Kind.HERO: "title", Kind.COUNTDOWN: "title", Kind.TEXT: "text"}
ALL_TEXTS = ("title", "text", "label", "second_label", "picture_alt")


def link_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=300,
        help_text=_("A path of this shop that begins with /, or a whole address."),
    )


class TimedForm(BothForm):
    """What is shown in its time, with a ``link`` if it leads anywhere.

    ``seen``: the version that was on the screen, 0 for a new one.
    """

    seen = forms.IntegerField(
        min_value=0, max_value=VERSION_MOST, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version if self.instance.pk else 0

    def rest(self) -> list[forms.BoundField]:
        return [field for field in super().rest() if field.name != "seen"]

    def clean_link(self) -> str:
        return _link_cleaned(self.cleaned_data["link"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        begins, ends = data.get("shown_from"), data.get("shown_until")
        if begins and ends and ends <= begins:
            self.add_error("shown_until", gettext("It ends before it begins."))
        return data

    def seen_version(self) -> int:
        return self.cleaned_data.get("seen") or 0


class BlockForm(TimedForm):
    """The fields of the instance's kind, in every language side by side."""

    link = link_field(_("Where the button leads"))
    second_link = link_field(_("Where the second button leads"))
    category_ids = forms.TypedMultipleChoiceField(
        label=_("Which departments"),
        help_text=_("None chosen: the whole first row of the catalogue."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    ends_at = moment_field(_("Counts down to"), _("The block disappears by itself then."))
    shown_from = moment_field(_("Shown from"), _("Empty: as soon as it is published."))
    shown_until = moment_field(_("Shown until"), _("Empty: for good."))

    class Meta:
        model = Block
        fields = [
            *(f"{name}_{code}" for name in ALL_TEXTS for code, _language in LANGUAGES),
            "collection",
            "article",
            "category_ids",
            "ends_at",
            "link",
            "second_link",
            "picture",
            *TIMED,
            *FOR_WHOM,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.kind = kwargs["instance"].kind
        self.texts = TEXTS.get(self.kind, ("title",))
        self.long = ("text",) if self.kind == Kind.TEXT else ()
        super().__init__(*args, **kwargs)
        wanted = {f"{name}_{code}" for name in self.texts for code, _language in LANGUAGES}
        wanted |= {"seen", *OTHERS.get(self.kind, ()), *TIMED}
        wanted |= set(FOR_WHOM) if self.kind != Kind.YOURS else set()
        for name in set(self.fields) - wanted:
            del self.fields[name]
        self._texts_fit()
        self._choices_fit()

    def _texts_fit(self) -> None:
        must = MUST.get(self.kind)
        for code, _language in LANGUAGES:
            for name in self.texts:
                self.fields[f"{name}_{code}"].required = name == must and code == LANGUAGES[0][0]
            if "text" in self.texts and not self.long:
                field = self.fields[f"text_{code}"]
                lang = field.widget.attrs["lang"]
                field.widget = forms.Textarea(
                    attrs={"rows": 3, "maxlength": SHORT_AT_MOST, "lang": lang}
                )
            elif self.long:
                self.fields[f"text_{code}"].widget.attrs["rows"] = 12
            if self.kind not in MUST and "title" in self.texts:
                said = _("Empty: the usual title.")
                self.fields[f"title_{code}"].help_text = said

    def _choices_fit(self) -> None:
        fields = self.fields
        if "collection" in fields:
            rows = fields["collection"].queryset
            is_offered = Q(is_public=True) | Q(pk=self.instance.collection_id)
            fields["collection"].queryset = rows.filter(is_offered).order_by("name", "pk")
            fields["collection"].required = True
        if "article" in fields:
            fields["article"].empty_label = _("The latest three")
        if "category_ids" in fields:
            step = Category.steplen
            fields["category_ids"].choices = [
                (node.pk, "– " * (len(path) // step - 1) + node.name)
                for path, node in category_tree().items()
            ]
        if "group" in fields:
            # Groups that may do something are the team's roles, no customers.
            customers = Q(permissions=None) | Q(pk=self.instance.group_id)
            fields["group"].queryset = Group.objects.filter(customers).distinct().order_by("name")
            fields["group"].empty_label = _("None")
            fields["group"].help_text = _("Counts with “A customer group”.")
        if "ends_at" in fields:
            fields["ends_at"].required = True
        if "picture" in fields:
            fields["picture"].help_text = _("Left out: four things of the shop.")
            fields["picture"].widget = forms.ClearableFileInput(
                attrs={"accept": "image/jpeg,image/png,image/webp"}
            )

    def rest(self) -> list[forms.BoundField]:
        return [field for field in super().rest() if field.name != "category_ids"]

    def clean_second_link(self) -> str:
        return _link_cleaned(self.cleaned_data["second_link"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for code, _language in LANGUAGES:
            if not self.long and len(data.get(f"text_{code}") or "") > SHORT_AT_MOST:
                self.add_error(f"text_{code}", gettext("This text is too long."))
        self._pictures_fit(data)
        for label, link in PAIRS:
            words = data.get(f"{label}_{LANGUAGES[0][0]}")
            if link in self.fields and not self.has_error(link) and bool(words) != bool(data[link]):
                said = gettext("A button needs words and a place where it leads.")
                self.add_error(link if words else f"{label}_{LANGUAGES[0][0]}", said)
        self._countdown_fits(data)
        if data.get("audience") != Audience.GROUP:
            data["group"] = None
        elif not data.get("group"):
            self.add_error("group", gettext("Say which group."))
        return data

    def _pictures_fit(self, data: dict[str, Any]) -> None:
        if isinstance(data.get("picture"), UploadedFile):
            try:
                data["picture"] = picture_cleaned(data["picture"], edge=PICTURE_EDGE)
            except ValidationError as error:
                self.add_error("picture", error)

    def _countdown_fits(self, data: dict[str, Any]) -> None:
        begins, counted = data.get("shown_from"), data.get("ends_at")
        if counted and counted <= timezone.now() and "ends_at" in self.changed_data:
            self.add_error("ends_at", gettext("This moment is over already."))
        if counted and begins and counted <= begins:
            self.add_error("ends_at", gettext("It ends before it begins."))


class NoticeForm(TimedForm):
    texts = ("text",)
    link = link_field(_("Where it leads"))
    shown_from = moment_field(_("Shown from"), _("Empty: at once."))
    shown_until = moment_field(_("Shown until"), _("Empty: for good."))

    class Meta:
        model = Notice
        fields = [
            *(f"text_{code}" for code, _language in LANGUAGES),
            "link",
            "tone",
            "position",
            *TIMED,
            "is_shown",
            "can_be_closed",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].help_text = _("Of several at a time the lowest number is shown.")


def _link_cleaned(url: str) -> str:
    url = url.strip()
    if url and link_problem(url):
        raise ValidationError(_("Write a path that begins with / or an address with https://."))
    return url
