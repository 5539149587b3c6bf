"""The page that answers a search: where the search leads, or what stands first in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.models import Category, Product
from catalog.search.analysis import phrase_fold
from catalog.search.selectors import language_known, search_matches
from catalog.selectors import category_tree
from catalog.seo.head import own_of, shop_words, texts_of
from catalog.seo.models import PageKind
from catalog.seo.words import ABOUT, plain
from catalog.specs import brand_of

FIRST_OF = "SELECT product_id FROM ({sql}) AS found ORDER BY score DESC, product_id LIMIT 1"


@dataclass(frozen=True)
class Answer:
    """``url`` "" where nothing answers. ``in_title`` and ``in_text``: whether all words stand there."""

    name: str = ""
    url: str = ""
    in_title: bool = False
    in_text: bool = False


def answers_of(terms: Sequence[dict[str, Any]]) -> list[Answer]:
    """For rows with ``query`` and ``language``. A few queries per word: for one page of a report."""
    return [_answer(term["query"], language_known(term["language"])) for term in terms]


def _answer(query: str, language: str) -> Answer:
    with override(language):
        matches = search_matches(query=query, language=language)
        if matches.redirect:
            return Answer(name=_("A redirect of the search"), url=matches.redirect)
        return _category(query) or _product(matches, query)


def _category(query: str) -> Answer | None:
    """A category that is called so is the better page to be found."""
    wanted = phrase_fold(query)
    node = next((one for one in category_tree().values() if phrase_fold(one.name) == wanted), None)
    category = Category.objects.filter(pk=node.pk).first() if node else None
    if node is None or category is None:
        return None
    words = {"name": node.name, ABOUT: plain(category.description or "")}
    return _said(query, PageKind.CATEGORY, category, words, node.url)


def _product(matches: Any, query: str) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_OF.format(sql=matches.sql), list(matches.params))
        first = cursor.fetchone()
    products = Product.objects.select_related("facts__brand")
    product = products.filter(pk=matches.exact or (first and first[0])).first()
    if product is None:
        return Answer()
    brand = brand_of(product)
    words = {
        "name": product.title,
        "brand": brand.name if brand else "",
        ABOUT: plain(product.description or ""),
    }
    return _said(query, PageKind.PRODUCT, product, words, product.get_absolute_url())


def _said(query: str, kind: str, row: Any, words: dict[str, str], url: str) -> Answer:
    title, text = texts_of(kind, shop_words() | words, own_of(row))
    return Answer(
        name=words["name"], url=url, in_title=_has(title, query), in_text=_has(text, query)
    )


def _has(text: str, query: str) -> bool:
    """Whether every word of the query stands in the text, however it is written."""
    there = f" {phrase_fold(text)} "
    wanted = phrase_fold(query)
    if not wanted.isascii():
        return wanted.replace(" ", "") in there.replace(" ", "")
    return all(word in there for word in wanted.split())
