"""How an address is written in each country: which fields, in which order, called what.

The columns are Oscar's: ``line1`` street, ``line2`` more of it, ``line3`` district, ``line4`` town,
``state`` province, prefecture or state. Countries without an entry use `PLAIN`.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.models import UserAddress

from orders.checkout.regions import CHINA, JAPAN, UNITED_STATES
from orders.models import BillingAddress

Text = str | Promise

STREET = _("Street and number")
MORE = _("Flat, floor, company")
TOWN = _("Town or city")
POSTCODE = _("Postcode")
AUTOCOMPLETE = {
    "company": "organization",
    "first_name": "given-name",
    "last_name": "family-name",
    "line1": "address-line1",
    "line2": "address-line2",
    "line3": "address-level3",
    "line4": "address-level2",
    "state": "address-level1",
    "postcode": "postal-code",
    "phone_number": "tel",
    "country": "country",
}


@dataclass(frozen=True)
class AddressFormat:
    """``fields`` in the order in which they are asked. ``pairs`` stand side by side on wide screens."""

    fields: tuple[str, ...]
    labels: dict[str, Text]
    required: frozenset[str]
    postcode: str = ""  # regular expression of the whole, without spaces, upper case
    postcode_example: str = ""
    phone_example: str = ""
    regions: tuple[tuple[str, str], ...] = ()
    written: tuple[tuple[str, ...], ...] = ()  # lines of a label, each of its columns
    glue: str = " "
    pairs: frozenset[str] = field(default_factory=frozenset)

    def label(self, name: str) -> Text:
        return self.labels.get(name, COMMON_LABELS[name])

    def accepts_postcode(self, postcode: str) -> bool:
        return not self.postcode or bool(re.fullmatch(self.postcode, re.sub(r"\s", "", postcode)))


COMMON_LABELS: dict[str, Text] = {
    "company": _("Company"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "line1": STREET,
    "line2": MORE,
    "line3": _("District"),
    "line4": TOWN,
    "state": _("Region"),
    "postcode": POSTCODE,
    "phone_number": _("Phone"),
}
WEST = ("first_name", "last_name", "line1", "line2", "postcode", "line4", "phone_number")
NAME = ("first_name", "last_name")
NEEDED = frozenset({"first_name", "last_name", "line1", "line4", "postcode"})
SIDE_BY_SIDE = frozenset({"first_name", "last_name", "postcode", "line4"})


def _west(regex: str, example: str, phone: str, **labels: Text) -> AddressFormat:
    """Postcode before the town, as most of Europe writes it."""
    return AddressFormat(
        fields=WEST,
        labels=labels,
        required=NEEDED,
        postcode=regex,
        postcode_example=example,
        phone_example=phone,
        written=(NAME, ("line1",), ("line2",), ("postcode", "line4")),
        pairs=SIDE_BY_SIDE,
    )


PLAIN = AddressFormat(
    fields=(
        "first_name",
        "last_name",
        "line1",
        "line2",
        "line4",
        "state",
        "postcode",
        "phone_number",
    ),
    labels={},
    required=frozenset({"first_name", "last_name", "line1", "line4"}),
    written=(NAME, ("line1",), ("line2",), ("line3",), ("line4", "state", "postcode")),
    pairs=frozenset({"first_name", "last_name", "state", "postcode"}),
)

FORMATS: dict[str, AddressFormat] = {
    "DE": _west(r"\d{5}", "10115", "030 901820"),
    "AT": _west(r"\d{4}", "1010", "01 234567890"),
    "CH": _west(r"\d{4}", "8001", "044 668 18 00"),
    "FR": _west(r"\d{5}", "75001", "01 23 45 67 89", line4=pgettext_lazy("address", "Town")),
    "NL": _west(r"\d{4}[A-Z]{2}", "1012 AB", "010 123 4567"),
    "GB": AddressFormat(
        fields=("first_name", "last_name", "line1", "line2", "line4", "postcode", "phone_number"),
        labels={"line1": _("House number and street"), "line4": _("Town or city")},
        required=NEEDED,
        postcode=r"(GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})",
        postcode_example="SW1A 2AA",
        phone_example="0121 234 5678",
        written=(NAME, ("line1",), ("line2",), ("line4",), ("postcode",)),
        pairs=SIDE_BY_SIDE,
    ),
    "US": AddressFormat(
        fields=(
            "first_name",
            "last_name",
            "line1",
            "line2",
            "line4",
            "state",
            "postcode",
            "phone_number",
        ),
        labels={
            "line1": _("Street address"),
            "line2": _("Apartment, suite, unit"),
            "line4": _("City"),
            "state": pgettext_lazy("address", "State"),
            "postcode": _("ZIP code"),
        },
        required=NEEDED | {"state"},
        postcode=r"\d{5}(-?\d{4})?",
        postcode_example="94103",
        phone_example="(201) 555-0123",
        regions=UNITED_STATES,
        written=(NAME, ("line1",), ("line2",), ("line4", "state", "postcode")),
        pairs=frozenset({"first_name", "last_name", "state", "postcode"}),
    ),
    "CN": AddressFormat(
        fields=(
            "last_name",
            "first_name",
            "phone_number",
            "state",
            "line4",
            "line3",
            "line1",
            "postcode",
        ),
        labels={
            "last_name": _("Family name"),
            "first_name": _("Given name"),
            "state": _("Province"),
            "line4": _("City"),
            "line3": pgettext_lazy("China", "District or county"),
            "line1": _("Street, building, room"),
            "phone_number": _("Mobile phone"),
        },
        required=frozenset(
            {"last_name", "first_name", "phone_number", "state", "line4", "line3", "line1"}
        ),
        postcode=r"\d{6}",
        postcode_example="200040",
        phone_example="131 2345 6789",
        regions=CHINA,
        written=(
            ("state", "line4", "line3"),
            ("line1",),
            ("last_name", "first_name"),
            ("postcode",),
        ),
        glue="",
        pairs=frozenset({"first_name", "last_name", "line4", "line3"}),
    ),
    "JP": AddressFormat(
        fields=(
            "last_name",
            "first_name",
            "postcode",
            "state",
            "line4",
            "line1",
            "line2",
            "phone_number",
        ),
        labels={
            "last_name": _("Family name"),
            "first_name": _("Given name"),
            "state": _("Prefecture"),
            "line4": pgettext_lazy("Japan", "City or ward"),
            "line1": pgettext_lazy("Japan", "Area and block number"),
            "line2": _("Building and room"),
        },
        required=NEEDED | {"state"},
        postcode=r"\d{3}-?\d{4}",
        postcode_example="100-0001",
        phone_example="03-1234-5678",
        regions=JAPAN,
        written=(
            ("postcode",),
            ("state", "line4"),
            ("line1",),
            ("line2",),
            ("last_name", "first_name"),
        ),
        glue="",
        pairs=frozenset({"first_name", "last_name", "postcode", "state"}),
    ),
}


def address_format(country: str) -> AddressFormat:
    return FORMATS.get(country, PLAIN)


@lru_cache(maxsize=64)
def invoice_format(country: str) -> AddressFormat:
    """The same for an invoice: a company may stand above all, and nobody rings at the door."""
    form = address_format(country)
    fields = [name for name in form.fields if name != "phone_number"]
    is_usual = form.labels.get("line2", MORE) is MORE  # which asks for a company, too
    return replace(
        form,
        fields=("company", *fields),
        labels={**form.labels, "line2": _("Flat, floor")} if is_usual else form.labels,
        required=form.required - {"phone_number"},
    )


def country_name(code: str) -> str:
    """The country in the reader's language (CLDR)."""
    return _locale().territories.get(code, code)


def address_lines(address) -> list[str]:
    """The address as its country writes it, the country last; empty lines are left out.

    A company, which only that of an invoice has, comes first.
    """
    form = address_format(address.country_id)
    lines = [getattr(address, "company", "")]
    for columns in form.written:
        # Latin letters need their spaces even where the country's own script has none.
        # A municipality is its own province: it is written once.
        words = [*dict.fromkeys(getattr(address, column) for column in columns)]
        words = [word for word in words if word]
        is_latin = any(word.isascii() for word in words)
        lines.append((" " if is_latin else form.glue).join(words))
    return [line for line in [*lines, country_name(address.country_id)] if line]


def address_fields(address: UserAddress) -> dict[str, str]:
    """The columns of a saved address as `quote_make` and `order_place` take them."""
    names = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
    fields = {name: getattr(address, name) for name in (*names, "country_id", "notes")}
    return {**fields, "phone_number": str(address.phone_number or "")}


def invoice_fields(address: BillingAddress | UserAddress) -> dict[str, str]:
    """The columns of an address for an invoice, from one of an order or a saved one."""
    names = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
    fields = {name: getattr(address, name) for name in (*names, "country_id")}
    return {"company": getattr(address, "company", ""), **fields}


def countries_named(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Code and name of each, in the reader's language; made once for each language."""
    return _named(codes, (get_language() or "en")[:2])


@lru_cache(maxsize=32)
def _named(codes: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    names = _locale().territories
    return tuple((code, names.get(code, code)) for code in codes)


def _locale() -> Locale:
    language = get_language() or "en"
    return Locale.parse("zh_Hans" if language.startswith("zh") else "en")
