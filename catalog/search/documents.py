"""Search documents as they should be, read from the catalogue in a fixed number of queries."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from catalog.facts.models import ProductFacts
from catalog.models import Category, Product, ProductAttributeValue, ProductCategory
from catalog.partner.models import StockRecord
from catalog.search.analysis import (
    code_fold,
    document_tokens,
    name_words,
    phrase_fold,
    text_of_html,
    title_head,
)
from catalog.search.models import LANGUAGES, SearchDocument
from shop.core.prepared import INTEGERS, TEXTS, Prepared

CHUNK = 200  # families read and written at once
SUFFIX = {"en": "en", "zh-hans": "zh_hans"}
ByLanguage = dict[str, str]


@dataclass(frozen=True)
class Document:
    """``parts``: by weight A to D, what PostgreSQL shall stem and what it shall take as it is."""

    product_id: int
    language: str
    title: str
    title_folded: str
    parts: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]

    def digest(self) -> str:
        """Changes with any of it."""
        all_of_it = json.dumps([self.title, self.title_folded, self.parts, self.codes])
        return hashlib.md5(all_of_it.encode(), usedforsecurity=False).hexdigest()


@dataclass
class FamilyTexts:
    """What is known of one family, by language."""

    title: ByLanguage
    description: ByLanguage
    brand: ByLanguage = field(default_factory=dict)
    options: list[ByLanguage] = field(default_factory=list)
    values: list[ByLanguage] = field(default_factory=list)
    categories: list[ByLanguage] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def names(self) -> Iterable[str]:
        """Everything but the description, in both languages."""
        for texts in (self.title, self.brand, *self.options, *self.values, *self.categories):
            yield from texts.values()


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """``ids`` in portions that are read and written at once."""
    left = iter(ids)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def families_read(ids: Sequence[int]) -> dict[int, FamilyTexts]:
    """Those of ``ids`` that may be browsed, with all that is searched. Seven queries."""
    families: dict[int, FamilyTexts] = {}
    of_product: dict[int, int] = {}
    for pk, upc, *texts in _families.read(ids=list(ids)):
        families[pk] = FamilyTexts(*_by_language(texts))
        families[pk].codes |= _codes(upc)
        of_product[pk] = pk
    if not families:
        return families
    for pk, parent, upc in _variants.read(ids=list(families)):
        of_product[pk] = parent
        families[parent].codes |= _codes(upc)
    for product, sku in _records.read(ids=list(of_product)):
        families[of_product[product]].codes |= _codes(sku)
    _brands_read(families)
    _attributes_read(families, of_product)
    _categories_read(families)
    return families


def documents_make(families: dict[int, FamilyTexts]) -> list[Document]:
    """One per family and language, in key order."""
    return [
        _document(pk, families[pk], language) for pk in sorted(families) for language in LANGUAGES
    ]


def words_of(families: dict[int, FamilyTexts]) -> dict[tuple[str, str], int]:
    """(word, language) of every name and in how many families it occurs."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    seen: dict[str, tuple[set[str], set[str]]] = {}  # names repeat: brands, colours, categories
    for family in families.values():
        latin: set[str] = set()
        chinese: set[str] = set()
        for name in family.names():
            if name not in seen:
                seen[name] = name_words(name)
            latin |= seen[name][0]
            chinese |= seen[name][1]
        for word in latin:
            counts[word, "en"] += 1
        for word in chinese:
            counts[word, "zh-hans"] += 1
    return dict(counts)


def _document(pk: int, family: FamilyTexts, language: str) -> Document:
    other = next(code for code in LANGUAGES if code != language)

    def texts(language: str, *groups: Iterable[ByLanguage]) -> list[str]:
        found = (text.get(language, "") for group in groups for text in group)
        return list(dict.fromkeys(found))

    title = family.title.get(language) or family.title.get(other, "")
    names = {
        # Said twice, the head of a title counts a quarter more than its other words.
        "A": [title, title_head(title)],
        "B": texts(other, [family.title])
        + texts(language, [family.brand], family.options)
        + texts(other, [family.brand]),
        "C": texts(language, family.categories, family.values)
        + texts(other, family.options, family.categories, family.values),
    }
    details = [*family.description.values(), *sorted(family.codes)]
    return Document(
        product_id=pk,
        language=language,
        title=title[:255],
        title_folded=phrase_fold(title)[:255],
        parts=(
            *(_tokens(part, is_name=True) for part in names.values()),
            _tokens([text_of_html(text) for text in details], is_name=False),
        ),
        codes=tuple(sorted(family.codes)),
    )


def _tokens(texts: Iterable[str], *, is_name: bool) -> tuple[str, str]:
    """Those of all ``texts``, side by side."""
    found = [document_tokens(text, is_name=is_name) for text in texts]
    words, han = zip(*found, strict=True) if found else ((), ())
    return " ".join(filter(None, words)), " ".join(filter(None, han))


def _columns(name: str, *, before: str = "") -> list[str]:
    return [f"{before}{name}_{suffix}" for suffix in SUFFIX.values()]


def _by_language(texts: Sequence[str | None]) -> list[ByLanguage]:
    """Of columns as `_columns` names them, one after the other: what is written in each language.

    A language without a text is left out.
    """
    each = len(SUFFIX)
    return [
        {
            language: str(text)
            for language, text in zip(SUFFIX, texts[start : start + each], strict=True)
            if text
        }
        for start in range(0, len(texts), each)
    ]


def _codes(text: str | None) -> set[str]:
    code = code_fold(text or "")[: SearchDocument._meta.get_field("codes").base_field.max_length]
    return {code} if code else set()


def _brands_read(families: dict[int, FamilyTexts]) -> None:
    for pk, *texts in _brands.read(ids=list(families)):
        (families[pk].brand,) = _by_language(texts)


def _attributes_read(families: dict[int, FamilyTexts], of_product: dict[int, int]) -> None:
    """Texts and options of the family and of its variants, each once."""
    for product, *texts in _values.read(ids=list(of_product)):
        family = families[of_product[product]]
        value, *options = _by_language(texts)
        for option in options:
            if option and option not in family.options:
                family.options.append(option)
        if value and value not in family.values and value != family.brand:
            family.values.append(value)


def _categories_read(families: dict[int, FamilyTexts]) -> None:
    """Every category with all above it that may be browsed."""
    paths = _places.read(ids=list(families))
    above = {path: _path_and_above(path) for _pk, path in paths}
    wanted = sorted({step for steps in above.values() for step in steps})
    rows = _categories.read(paths=wanted) if wanted else []
    names = {path: _by_language(texts)[0] for path, *texts in rows}
    for pk, path in paths:
        kept = families[pk].categories
        kept.extend(names[step] for step in above[path] if names[step] not in kept)


def _path_and_above(path: str) -> list[str]:
    return [path[:end] for end in range(len(path), 0, -Category.steplen)]


# Columns by their own names, so that none is read in the language of whoever saves.
_families: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        Product.objects.browsable()
        .filter(pk__in=ids)
        .rewrite(False)
        .order_by()
        .values_list("pk", "upc", *_columns("title"), *_columns("description"))
    ),
    ids=INTEGERS,
)
_variants: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        Product.objects.filter(parent__in=ids, is_public=True)
        .rewrite(False)
        .order_by()
        .values_list("pk", "parent_id", "upc")
    ),
    ids=INTEGERS,
)
_records: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        StockRecord.objects.filter(product__in=ids)
        .order_by()
        .values_list("product_id", "partner_sku")
    ),
    ids=INTEGERS,
)
_brands: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        ProductFacts.objects.filter(product__in=ids, brand__isnull=False)
        .order_by()
        .values_list("product_id", *_columns("name", before="brand__"))
    ),
    ids=INTEGERS,
)
_values: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        ProductAttributeValue.objects.filter(product__in=ids)
        .rewrite(False)
        .order_by("attribute__name_en", "pk")
        .values_list(
            "product_id",
            *_columns("value_text"),
            *_columns("option", before="value_option__"),
            *_columns("option", before="value_multi_option__"),
        )
    ),
    ids=INTEGERS,
)
_places: Prepared[tuple[int, str]] = Prepared(
    lambda ids: (
        ProductCategory.objects.filter(product__in=ids, category__in=Category.objects.browsable())
        .order_by("pk")
        .values_list("product_id", "category__path")
    ),
    ids=INTEGERS,
)
_categories: Prepared[tuple[Any, ...]] = Prepared(
    lambda paths: (
        Category.objects.filter(path__in=paths)
        .rewrite(False)
        .order_by()
        .values_list("path", *_columns("name"))
    ),
    paths=TEXTS,
)
