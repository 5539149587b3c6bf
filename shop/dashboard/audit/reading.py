"""Entries in words: who, what, and each column that changed, before and after, under the masks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DecimalField, Field, Model
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crm.accounts.models import User
from shop.core.audit.models import Entry
from shop.core.levels import Mask, kind_of, mask_now
from shop.dashboard.audit.histories import HISTORIES, may_see_histories
from shop.dashboard.audit.words import TABLES, column_words

LONG = 160  # signs of one value in a list
CENTS = 2  # places of an amount; JSON keeps 202.00 as 202.0
# What a foreign key is called by; of other models its number is shown.
NAMED = {
    "auth.group",
    "catalogue.attributeoption",
    "catalogue.category",
    "catalogue.product",
    "catalogue.productattribute",
    "catalogue.productclass",
    "facts.brand",
    "offer.conditionaloffer",
    "offer.range",
    "partner.stockrecord",
    "pricing.pricelist",
    "supply.warehouse",
}


@dataclass(frozen=True)
class Change:
    """One column: what it is called, else its technical name, and how it was and is, as text."""

    name: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Row:
    """An entry as a page shows it."""

    entry: Entry
    who: str
    is_person: bool
    what: str
    thing: str
    url: str
    changes: list[Change]


def rows_of(entries: Iterable[Entry], *, user: User) -> list[Row]:
    """A few questions for all of them together, however many there are."""
    entries = list(entries)
    people = User.objects.in_bulk({entry.actor for entry in entries if entry.actor})
    names = _names_of(entries)
    mask = mask_now()
    return [
        Row(
            entry=entry,
            who=who_of(entry, people),
            is_person=entry.actor in people,
            what=model_words(entry.label),
            thing=_thing_of(entry, names),
            url=_url_of(entry, user),
            changes=changes_of(entry, names, mask),
        )
        for entry in entries
    ]


def who_of(entry: Entry, people: dict[int, User]) -> str:
    """A colleague by name. Nobody's name is masked here: the trail is about those who work here."""
    if entry.actor is None:
        return _("Nobody signed in")
    person = people.get(entry.actor)
    if person is None or not person.is_staff:
        return _("Former colleague %(number)s") % {"number": entry.actor}
    return person.get_full_name() or person.email


def model_of(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None


def model_words(label: str) -> str:
    """What a table is called, else its label."""
    return str(TABLES.get(label, label))


def changes_of(entry: Entry, names: dict, mask: Mask) -> list[Change]:
    """Each column with a name of its own; keys that only programs read come last."""
    old, new = entry.old or {}, entry.new or {}
    model = model_of(entry.label)
    found: list[Change] = []
    keys: list[Change] = []
    for column in dict.fromkeys([*old, *new]):
        field = _field_of(model, column)
        if field is not None and field.primary_key:
            continue  # the entry says it beside the table's name
        kind = kind_of(entry.label, column)
        before, after = (_said(one.get(column), field, names) for one in (old, new))
        change = Change(column_words(column), column, mask(before, kind), mask(after, kind))
        is_key = field is not None and field.get_internal_type() == "UUIDField"
        (keys if is_key else found).append(change)
    return found + keys


def _field_of(model: type[Model] | None, column: str) -> Field | None:
    if model is None:
        return None
    for field in model._meta.concrete_fields:
        if field.column == column:
            return field
    try:
        found = model._meta.get_field(column)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _said(value: Any, field: Field | None, names: dict) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is not None and field.is_relation and field.related_model is not None:
        label = field.related_model._meta.label_lower
        return names.get((label, str(value))) or f"#{value}"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.get_internal_type() == "DateTimeField":
        moment = parse_datetime(str(value))
        return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else str(value)
    if isinstance(field, DecimalField) and field.decimal_places == CENTS:
        return f"{Decimal(str(value)):.{CENTS}f}"
    return Truncator(str(value)).chars(LONG)


def _names_of(entries: list[Entry]) -> dict[tuple[str, str], str]:
    """What the keys in the entries are called: one question for each model that occurs."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.label in NAMED:
            keys[entry.label].add(entry.object_key)
        label, _colon, key = entry.subject.partition(":")
        if label in NAMED and key:
            keys[label].add(key)
        model = model_of(entry.label)
        for side in (entry.old or {}, entry.new or {}):
            for column, value in side.items():
                field = _field_of(model, column)
                if field is not None and field.is_relation and value is not None:
                    label = field.related_model._meta.label_lower
                    if label in NAMED:
                        keys[label].add(str(value))
    return {
        (label, str(pk)): _name(thing)
        for label, wanted in keys.items()
        for pk, thing in apps.get_model(label)
        .objects.in_bulk([int(key) for key in wanted if key.isdecimal()])
        .items()
    }


def _name(thing: Any) -> str:
    if thing._meta.label_lower == "auth.group":
        return _(thing.name)
    for name in ("partner_sku", "name", "option", "title"):
        if getattr(thing, name, ""):
            return str(getattr(thing, name))
    return f"#{thing.pk}"


def _thing_of(entry: Entry, names: dict) -> str:
    label, _colon, key = entry.subject.partition(":")
    own = names.get((entry.label, entry.object_key))
    above = names.get((label, key))
    parts = [above] if above and above != own else []
    return " · ".join([*parts, own or (f"#{entry.object_key}" if entry.object_key else "")]).strip(
        " ·"
    )


def _url_of(entry: Entry, user: User) -> str:
    """The history of what the entry belongs to, for those who may read such."""
    label, _colon, key = entry.subject.partition(":")
    if label not in HISTORIES or not key:
        return ""
    if not may_see_histories(user, label):
        return ""
    return reverse("dashboard:object-history", kwargs={"label": label, "key": key})
