"""What the search box offers while one types: products, categories, brands, past queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

from catalog.facts.models import Brand
from catalog.search.analysis import Run, initials_of, phrase_fold, runs, sound_of
from catalog.search.mending import query_mend
from catalog.search.models import LANGUAGES
from catalog.search.query import LENGTH_AT_MOST, Query, query_parse
from catalog.search.rules import rules_current
from catalog.search.scoring import LABELS, fit_sql
from catalog.selectors import category_tree
from shop.core.nearby import Nearby

LETTERS_FROM = 2  # one letter begins half of the shop
CANDIDATES = 400  # of so many that fit the best are taken; more would not be read anyway
NAMES_SECONDS = 60
EACH = 4  # categories, brands and queries

Condition = tuple[str, list[str]]
PastQueries = Callable[..., list[str]]  # (*, prefix, language, limit)
_past_queries: list[PastQueries] = []


@dataclass(frozen=True)
class Suggestions:
    """``products``: family and title; ``categories`` and ``brands``: name and address."""

    products: tuple[tuple[int, str], ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    brands: tuple[tuple[str, str], ...] = ()
    queries: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Name:
    """A category or brand, with all by which it may be typed."""

    name: str
    url: str
    keys: tuple[str, ...]

    def begins_with(self, typed: str) -> bool:
        return any(key.startswith(typed) or f" {typed}" in key for key in self.keys)


def past_queries_register(source: PastQueries) -> None:
    """Who knows what others searched for; the last one that registers is asked."""
    _past_queries[:] = [source]


def suggestions(*, query: str, language: str = "", limit: int = 8) -> Suggestions:
    """What may be meant by an unfinished ``query``. Any text is one; nothing raises.

    One statement for products, two more if nothing begins so, one for past queries.
    """
    language = language or get_language() or ""
    language = language if language in LANGUAGES else LANGUAGES[0]
    pieces = runs(query.replace("\x00", " ")[:LENGTH_AT_MOST])
    if not pieces:
        return Suggestions()
    typed = _text(pieces)
    return Suggestions(
        products=tuple(_products(pieces, language, limit)),
        categories=_matching(_categories(language), typed),
        brands=_matching(_brands(language), typed),
        queries=tuple(
            text
            for source in _past_queries
            for text in source(prefix=typed, language=language, limit=EACH)
        ),
    )


def _products(pieces: Sequence[Run], language: str, limit: int) -> list[tuple[int, str]]:
    last = pieces[-1]
    if not last.is_han and len(pieces) == 1 and len(last.text) < LETTERS_FROM:
        return []
    synonyms = rules_current().synonyms.get(language, {})
    query = query_parse(_text(pieces), synonyms=synonyms)
    unfinished = _unfinished_sql(query, pieces)
    found = _products_read(unfinished, _rank_sql(unfinished), language, limit)
    if found:
        return found
    mended = query_mend(query, language=language).query
    return _products_read(mended.strict_sql(), fit_sql(mended.groups), language, limit)


def _unfinished_sql(query: Query, pieces: Sequence[Run]) -> Condition:
    """All words; the last may go on, and stands in a name. A run holds letters and digits only.

    耳 begins 耳机; of longer Chinese every pair must be there, finished or not.
    """
    *before, last = pieces
    if last.is_han and len(last.text) > 1:
        return query.strict_sql()
    config = "simple" if last.is_han else "english"
    sql, params = f"to_tsquery('{config}', %s)", [f"'{last.text}':*ABC"]
    if before:
        first, more = query_parse(_text(before), synonyms={}).strict_sql()
        sql, params = f"({first} && {sql})", [*more, *params]
    if any(group.is_known for group in query.groups):
        whole, more = query.strict_sql()
        sql, params = f"({whole} || {sql})", [*more, *params]
    return sql, params


def _rank_sql(condition: Condition) -> Condition:
    return f"ts_rank('{LABELS}', names, {condition[0]})", condition[1]


def _text(pieces: Sequence[Run]) -> str:
    return " ".join(piece.text for piece in pieces)


def _products_read(
    condition: Condition, rank: Condition, language: str, limit: int
) -> list[tuple[int, str]]:
    sql = f"""
        WITH fitting AS MATERIALIZED (
            SELECT product_id, title, names FROM finding_searchdocument
            WHERE language = %s AND words @@ {condition[0]} AND names @@ {condition[0]}
            LIMIT {CANDIDATES}
        )
        SELECT product_id, title
        FROM fitting AS d LEFT JOIN listing_listedproduct USING (product_id)
        ORDER BY 10 * {rank[0]}
                 + coalesce(is_in_stock, true)::int + ln(1 + coalesce(sold, 0)) / 5 DESC,
                 product_id
        LIMIT %s
    """  # noqa: S608  made of constants and placeholders
    with connection.cursor() as cursor:
        cursor.execute(sql, [language, *condition[1], *condition[1], *rank[1], limit])
        return cursor.fetchall()


def _matching(names: Sequence[_Name], typed: str) -> tuple[tuple[str, str], ...]:
    found = [(name.name, name.url) for name in names if name.begins_with(typed)]
    return tuple(found[:EACH])


def _categories(language: str) -> list[_Name]:
    """From the tree of the current language, which is kept anyway."""
    with override(language):
        return _category_names.get()


def _categories_read() -> list[_Name]:
    return [_named((node.name,), node.url) for node in category_tree().values()]


def _brands(language: str) -> list[_Name]:
    """Brands with a page; none while the shop has no such pages."""
    with override(language):
        return _brand_names.get()


def _brands_read() -> list[_Name]:
    language = get_language() or LANGUAGES[0]
    column = f"name_{language.replace('-', '_')}"
    names = []
    for brand in Brand.objects.only("slug", "name_en", "name_zh_hans"):
        try:
            url = reverse("catalogue:brand", kwargs={"slug": brand.slug})
        except NoReverseMatch:
            return []
        texts = (getattr(brand, column), brand.name_en, brand.name_zh_hans)
        names.append(_named(tuple(filter(None, texts)), url))
    return names


def _named(texts: tuple[str, ...], url: str) -> _Name:
    """The first of ``texts`` is shown; each may be typed, Chinese also as it sounds."""
    keys = [phrase_fold(text) for text in texts]
    sounds = [sound for key in keys for sound in (sound_of(key), initials_of(key))]
    return _Name(str(texts[0]), url, tuple(dict.fromkeys([*keys, *sounds])))


_category_names = Nearby(
    "catalog.search.categories", _categories_read, seconds=NAMES_SECONDS, by_language=True
)
_brand_names = Nearby(
    "catalog.search.brands", _brands_read, seconds=NAMES_SECONDS, by_language=True
)
