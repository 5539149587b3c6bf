"""What the checkout asks. Whatever people type is a message or a clean value, never an error page."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.checkout.countries import (
    AUTOCOMPLETE,
    AddressFormat,
    address_format,
    countries_named,
    invoice_format,
)
from orders.shipping.promises import countries_served
from shop.core.fields import fields_shared

HOME = "DE"
# Control characters, and marks that turn the direction of the text around them.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LENGTHS = {"company": 120, "first_name": 60, "last_name": 60, "postcode": 16, "phone_number": 32}
LINE_LENGTH = 120
NOT_OFFERED = "?"  # the value of no choice


def plain(text: str) -> str:
    """One line of text as a label printer can take it."""
    return " ".join(UNWRITABLE.sub("", unicodedata.normalize("NFC", text)).split())


def folded(text: str) -> str:
    """Full-width digits and letters as ordinary ones."""
    return plain(unicodedata.normalize("NFKC", text))


@fields_shared
class GuestForm(forms.Form):
    """A guest needs no more than an address for the confirmation."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the confirmation and the link to your order. Nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CountryChoices(BaseChoiceIterator):
    """More than two hundred pairs that are ready as they are: Django would look at each three times."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class AddressForm(forms.Form):
    """Asks what the chosen country needs, in its order and words. `columns` is the answer.

    The fields are the same objects in every form of a country and a language: nobody changes them.
    """

    is_for_invoice = False
    fields_id = "address-fields"  # of the element that holds those of the country

    def __init__(self, *args, country: str = HOME, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        codes = countries_served()
        self.country_code = country if country in codes else HOME
        self.format = _format(self.country_code, self.is_for_invoice)
        self.countries = countries_named(codes)
        language = get_language() or ""
        fields = _fields(self.country_code, self.countries, language, self.is_for_invoice)
        self.fields: dict[str, forms.Field] = dict(fields)

    @classmethod
    def named(cls, field: str) -> str:
        """As it is sent, beside another address in the same form."""
        return f"{cls.prefix}-{field}" if cls.prefix else field

    @property
    def for_name(self) -> str:
        """What the page sends with it: the country whose fields it shows."""
        return self.named("for")

    @property
    def is_fresh(self) -> bool:
        """Nobody has sent it yet, so nothing is wrong in it."""
        return not self.is_bound

    @property
    def written(self) -> dict[str, str]:
        """What stands in the fields of a fresh one that take any text; of empty ones nothing."""
        return {name: text for name, text in self._known() if not self._offers_choices(name)}

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen in those that offer choices, but for the country; one word for all that is not offered."""
        return {
            name: text if text in dict(self.fields[name].choices) else NOT_OFFERED
            for name, text in self._known()
            if self._offers_choices(name)
        }

    def _known(self) -> Iterator[tuple[str, str]]:
        for name in self.format.fields:
            if (value := self.initial.get(name)) not in (None, ""):
                yield name, str(value)

    def _offers_choices(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.ChoiceField)

    def clean(self) -> dict:
        cleaned = super().clean()
        for name in self.format.fields:
            if isinstance(cleaned.get(name), str) and name != "phone_number":
                cleaned[name] = (
                    folded(cleaned[name]) if name == "postcode" else plain(cleaned[name])
                )
                if not cleaned[name] and self.fields[name].required and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def clean_postcode(self) -> str:
        postcode = folded(self.cleaned_data["postcode"]).upper()
        if postcode and not self.format.accepts_postcode(postcode):
            raise forms.ValidationError(
                _("This is not a postcode of that country. It looks like %(example)s."),
                params={"example": self.format.postcode_example},
            )
        return postcode

    def clean_phone_number(self) -> str:
        """As ``+4930901820`` (E.164); empty if none was given."""
        typed = folded(self.cleaned_data["phone_number"])
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, self.country_code)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(
                _(
                    "We cannot call this number. Write it like %(example)s, or with + and country code."
                ),
                params={"example": self.format.phone_example or "+49 30 901820"},
            )
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def columns(self) -> dict[str, str]:
        """The columns of an address row. Only for a valid form."""
        names = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
        columns = {name: self.cleaned_data.get(name, "") for name in names}
        columns["phone_number"] = self.cleaned_data.get("phone_number", "")
        return {**columns, "country_id": self.country_code, "notes": ""}

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields as they stand: neighbours that belong together share a row."""
        rows: list[list[forms.BoundField]] = []
        for name in self.format.fields:
            pairs = self.format.pairs
            joins = name in pairs and rows and len(rows[-1]) == 1 and rows[-1][0].name in pairs
            if joins:
                rows[-1].append(self[name])
            else:
                rows.append([self[name]])
        return rows


class InvoiceForm(AddressForm):
    """The same for an invoice that is not for who gets the parcel: a company may be named."""

    prefix = "invoice"
    is_for_invoice = True
    fields_id = "invoice-fields"

    def columns(self) -> dict[str, str]:
        columns = {"company": self.cleaned_data["company"], **super().columns()}
        return {name: columns[name] for name in columns.keys() - {"phone_number", "notes"}}


def _regions(form: AddressFormat) -> list[tuple[str, str]]:
    """Names in the country's own script; readers of Latin find theirs beside it."""
    reads_chinese = (get_language() or "").startswith("zh")
    return [
        (value, value if reads_chinese and not value.isascii() else shown)
        for value, shown in form.regions
    ]


def _format(country: str, is_for_invoice: bool) -> AddressFormat:
    return invoice_format(country) if is_for_invoice else address_format(country)


@lru_cache(maxsize=128)
def _fields(
    country: str,
    countries: tuple[tuple[str, str], ...],
    language: str,
    is_for_invoice: bool,
) -> dict[str, forms.Field]:
    """The fields of a country, in the present language."""
    form, whose = _format(country, is_for_invoice), "billing " if is_for_invoice else ""
    choice = forms.ChoiceField(label=_("Country or region"), initial=country)
    choice.choices = CountryChoices(countries)
    choice.widget.attrs["autocomplete"] = whose + AUTOCOMPLETE["country"]
    return {"country": choice, **{name: _field(name, form, whose) for name in form.fields}}


def _field(name: str, form: AddressFormat, whose: str) -> forms.Field:
    """``whose``: what browsers are told of whose address it is; nothing for that of the delivery."""
    required = name in form.required
    attrs = {"autocomplete": whose + AUTOCOMPLETE[name]}
    if name == "state" and form.regions:
        return forms.ChoiceField(
            label=form.label(name),
            required=required,
            choices=[("", _("Choose …")), *_regions(form)],
            widget=forms.Select(attrs=attrs),
        )
    if name == "phone_number":
        return forms.CharField(
            label=form.label(name),
            required=required,
            max_length=LENGTHS[name],
            help_text=_("For the courier, on the day."),
            widget=forms.TextInput(attrs={**attrs, "type": "tel", "inputmode": "tel"}),
        )
    return forms.CharField(
        label=form.label(name),
        required=required,
        max_length=LENGTHS.get(name, LINE_LENGTH),
        widget=forms.TextInput(attrs=attrs),
    )
