"""What an operator types at the desk of search engines."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.seo.kinds import KINDS
from catalog.seo.models import PageRule
from catalog.seo.rules import Rule, rule_usual
from catalog.seo.words import has_stray_brace, unknown_words

LANGUAGES = [(code.replace("-", "_"), code, name) for code, name in settings.LANGUAGES]
LABELS = {"title": _("Title"), "description": _("Description")}


class RuleForm(forms.ModelForm):
    """The rule of one kind in every language; an empty field takes the usual rule."""

    class Meta:
        model = PageRule
        fields = [f"{name}_{code}" for code, _tag, _name in LANGUAGES for name in LABELS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = rule_usual(self.instance.kind)
        for code, tag, language in LANGUAGES:
            for name, label in LABELS.items():
                field = self.fields[f"{name}_{code}"]
                field.label = _("%(label)s (%(language)s)") % {"label": label, "language": language}
                attrs = {"lang": tag.replace("-hans", "-Hans"), "maxlength": field.max_length}
                attrs["placeholder"] = getattr(usual, name)
                if name == "description":
                    field.widget = forms.Textarea(attrs=attrs | {"rows": 2})
                else:
                    field.widget.attrs |= attrs

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.fields:
            try:
                self._check(data.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        return data

    def _check(self, text: str) -> None:
        known = KINDS[self.instance.kind].words
        if unknown := unknown_words(text, known):
            raise ValidationError(
                gettext("These pages know no {%(word)s}. They know: %(known)s")
                % {"word": unknown[0], "known": ", ".join(f"{{{word}}}" for word in known)}
            )
        if has_stray_brace(text):
            raise ValidationError(
                gettext("A brace belongs to a word, such as {%(word)s}.") % {"word": known[0]}
            )

    def rules(self) -> dict[str, Rule]:
        """What was typed, as far as it can be read, by language."""
        usual = rule_usual(self.instance.kind)
        return {
            tag: Rule(
                title=self.cleaned_data.get(f"title_{code}") or usual.title,
                description=self.cleaned_data.get(f"description_{code}") or usual.description,
            )
            for code, tag, _name in LANGUAGES
        }
