"""Which choices narrow a list: the options of attributes, the brands, the categories.

Attributes that shoppers read under one name ("Size", of clothes and of gloves) are one facet, and
options that read the same are one value. Kept for a minute, per language.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.text import slugify

from catalog.facts.models import Brand
from catalog.models import AttributeOption, ProductAttribute
from shop.core.nearby import Nearby

KEPT_SECONDS = 60
# Words with a meaning of their own in a list's address; a facet of such a name gets a mark.
RESERVED = frozenset(
    [
        "category",
        "price",
        "min",
        "max",
        "brand",
        "rating",
        "stock",
        "offer",
        "sort",
        "per",
        "page",
        "q",
        "exact",
        "language",
    ]
)
NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Value:
    """One choice of a facet. ``ids``: the rows that mean it."""

    key: str
    name: str
    ids: frozenset[int]
    swatch: str = ""


@dataclass(frozen=True)
class Facet:
    """``key`` is its name in an address."""

    key: str
    name: str
    values: dict[str, Value]


@dataclass(frozen=True)
class Words:
    """Every facet and brand that can stand in an address, in the reader's language."""

    facets: dict[str, Facet] = field(default_factory=dict)
    brands: dict[str, Value] = field(default_factory=dict)


def words() -> Words:
    """Two queries once a minute; none while it is kept."""
    return _words.get()


def _words_read() -> Words:
    return Words(facets=_facets_read(), brands=_brands_read())


_words = Nearby("listing.words", _words_read, seconds=KEPT_SECONDS, by_language=True)


def _brands_read() -> dict[str, Value]:
    return {
        brand.slug: Value(key=brand.slug, name=brand.name, ids=frozenset([brand.pk]))
        for brand in Brand.objects.order_by("name", "pk")
    }


def _facets_read() -> dict[str, Facet]:
    attributes = ProductAttribute.objects.filter(
        type__in=(ProductAttribute.OPTION, ProductAttribute.MULTI_OPTION),
        option_group__isnull=False,
    ).order_by("pk")
    names: dict[str, str] = {}
    groups: dict[str, set[int]] = defaultdict(set)
    for attribute in attributes:
        key = address_word(attribute.name_en or attribute.name) or attribute.code
        key = f"{key}-choice" if key in RESERVED else key
        names.setdefault(key, attribute.name)
        groups[key].add(attribute.option_group_id)
    by_group: dict[int, list[AttributeOption]] = defaultdict(list)
    for option in AttributeOption.objects.order_by("pk"):
        by_group[option.group_id].append(option)
    return {
        key: Facet(
            key=key,
            name=names[key],
            values=_values([one for group in sorted(ids) for one in by_group[group]]),
        )
        for key, ids in groups.items()
    }


def _values(options: list[AttributeOption]) -> dict[str, Value]:
    """Options that read the same are one; those that begin with a number stand in its order."""
    alike: dict[str, list[AttributeOption]] = defaultdict(list)
    for option in options:
        alike[address_word(option.option_en or option.option) or str(option.pk)].append(option)
    values = [
        Value(
            key=key,
            name=same[0].option,
            ids=frozenset(option.pk for option in same),
            swatch=next((option.swatch for option in same if option.swatch), ""),
        )
        for key, same in alike.items()
    ]
    if values and all(NUMBER.fullmatch(value.name) for value in values):
        values.sort(key=_by_number)
    return {value.key: value for value in values}


def _by_number(value: Value) -> tuple[float, str]:
    found = NUMBER.fullmatch(value.name)
    return (float(found[1].replace(",", ".")), found[2]) if found else (0.0, "")


def address_word(text: str) -> str:
    """``EU size`` → ``eu-size``: how a name stands in an address."""
    return slugify(text, allow_unicode=True)[:60]
