"""What an operator types at the search desk."""

import re
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language_from_path, gettext, override
from django.utils.translation import gettext_lazy as _

from catalog.search.analysis import phrase_fold
from catalog.search.dashboard.selectors import PARTS
from catalog.search.models import (
    LANGUAGE_CHOICES,
    PHRASE_AT_MOST,
    RankingWeights,
    SearchRedirect,
    SynonymGroup,
)
from catalog.search.rules import Weights
from catalog.searchlog.pages import result_pages
from shop.core.redirects import next_path

WORDS_AT_MOST = 30
SEPARATORS = re.compile(r"[,，、;；\n]")
EVERY_LANGUAGE = [("", _("Every language")), *LANGUAGE_CHOICES]
PERIODS = [("7", _("7 days")), ("28", _("28 days")), ("90", _("90 days"))]
SEARCH_BOX = forms.TextInput(attrs={"type": "search"})


class ReportForm(forms.Form):
    """What narrows a report; what cannot be read is left out."""

    q = forms.CharField(label=_("Query"), required=False, max_length=120, widget=SEARCH_BOX)
    days = forms.ChoiceField(label=_("Time"), required=False, choices=PERIODS)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=EVERY_LANGUAGE)

    def criteria(self) -> dict:
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "days": int(data.get("days") or 28),
            "language": data.get("language", ""),
        }


class SynonymForm(forms.ModelForm):
    """Words in one line, with Latin or Chinese commas between them."""

    words = forms.CharField(
        label=_("Words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With commas between them, such as: sofa, couch, 沙发"),
    )
    language = forms.ChoiceField(
        label=_("Readers of"), required=False, choices=EVERY_LANGUAGE, initial=""
    )

    class Meta:
        model = SynonymGroup
        fields = ("words", "source", "language", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if isinstance(self.initial.get("words"), list):
            self.initial["words"] = ", ".join(self.initial["words"])
        self.fields["source"].help_text = _(
            "Leave empty when all of the words mean the same. Filled in, only this word finds the"
            " others: “gift” finds “hamper”, but not the other way round."
        )

    def clean_words(self) -> list[str]:
        """Each once, as the search reads them."""
        words: dict[str, str] = {}
        for word in SEPARATORS.split(self.cleaned_data["words"]):
            word = " ".join(word.split())
            if len(word) > PHRASE_AT_MOST:
                raise ValidationError(
                    gettext("“%(word)s…” is longer than %(most)d characters.")
                    % {"word": word[:20], "most": PHRASE_AT_MOST}
                )
            if word:
                words.setdefault(phrase_fold(word) or word, word)
        if len(words) > WORDS_AT_MOST:
            raise ValidationError(gettext("At most %(most)d words.") % {"most": WORDS_AT_MOST})
        return list(words.values())

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        source, words = phrase_fold(data.get("source") or ""), data.get("words") or []
        if source and source in {phrase_fold(word) for word in words}:
            self.add_error("source", gettext("A word cannot lead to itself."))
        elif not source and len(words) == 1:
            self.add_error(
                "words",
                gettext("To the search this is one word. Name another that means the same."),
            )
        return data


class RedirectForm(forms.ModelForm):
    """The address must be a page of this shop that shoppers may see."""

    url = forms.CharField(
        label=_("Leads to"),
        max_length=300,
        help_text=_(
            "The address of a page of this shop, copied from the browser or from its slash on."
        ),
        widget=forms.TextInput(attrs={"placeholder": "/offers/", "inputmode": "url"}),
    )
    language = forms.ChoiceField(
        label=_("Readers of"), required=False, choices=EVERY_LANGUAGE, initial=""
    )

    class Meta:
        model = SearchRedirect
        fields = ("query", "url", "language", "is_active")

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_url(self) -> str:
        wanted = self.cleaned_data["url"].strip()
        for ours in (settings.PUBLIC_URL, f"{self.request.scheme}://{self.request.get_host()}"):
            wanted = wanted.removeprefix(ours) if wanted.startswith(f"{ours}/") else wanted
        if not next_path(self.request, wanted):
            raise ValidationError(
                gettext("Only pages of this shop: begin with one slash, such as /offers/.")
            )
        path = urlsplit(wanted).path
        if not _is_page(path):
            raise ValidationError(gettext("This shop has no page with this address."))
        return wanted

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if data.get("url") and self._leads_on(data["url"], data.get("query") or ""):
            self.add_error(
                "url",
                gettext("This leads to a search that leads on again. Name the last page at once."),
            )
        return data

    def _leads_on(self, url: str, query: str) -> bool:
        """Whether ``url`` is a page of results whose query is this one, or has a redirect."""
        parts = urlsplit(url)
        if parts.path not in result_pages():
            return False
        there = phrase_fold(parse_qs(parts.query).get("q", [""])[0])
        others = SearchRedirect.objects.filter(folded=there).exclude(pk=self.instance.pk)
        return bool(there) and (there == phrase_fold(query) or others.exists())


def _is_page(path: str) -> bool:
    """Whether a shopper can open ``path``, as far as its form tells."""
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    with override(language):
        office = str(reverse("dashboard:index"))
        try:
            resolve(path)
        except Resolver404:
            return False
    return not path.startswith(office)


class WeightsForm(forms.Form):
    """The four weights, from 0 to 10."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in PARTS:
            column = RankingWeights._meta.get_field(name)
            self.fields[name] = forms.FloatField(
                label=column.verbose_name,
                help_text=column.help_text,
                min_value=0,
                max_value=10,
                widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
            )

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data[name] for name in PARTS):
            raise ValidationError(gettext("At least one weight must be more than nothing."))
        return data

    def weights(self) -> Weights:
        return Weights(**{name: round(self.cleaned_data[name], 2) for name in PARTS})


class PreviewForm(WeightsForm):
    """The same, with what to search for; for looking only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"] = forms.CharField(
            label=_("Try it with"), required=False, max_length=120, widget=SEARCH_BOX
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Reader’s language"), required=False, choices=LANGUAGE_CHOICES
        )
