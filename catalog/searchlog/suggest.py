"""What the search box suggests while somebody types. Four queries at most."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.cards import offers_of, pictures_of, price_shown
from catalog.pictures import PictureSources
from catalog.search.simple import products_found
from catalog.searchlog.pages import results_url
from catalog.searchlog.selectors import queries_beginning, queries_popular
from catalog.selectors import category_tree

EACH = 4  # hints in a group
POPULAR = 8


@dataclass(frozen=True)
class Hint:
    name: str
    url: str
    note: str = ""
    price: str = ""
    picture: PictureSources | None = None


@dataclass(frozen=True)
class Group:
    """``code`` is queries, categories, brands or products."""

    code: str
    title: str
    hints: list[Hint] = field(default_factory=list)


def hints_make(*, query: str, language: str) -> list[Group]:
    """The groups that have something for ``query``; without one, what is searched for most."""
    if not query:
        popular = queries_popular(language=language, limit=POPULAR)
        groups = [Group("queries", _("Often searched for"), queries_hints(popular))]
    else:
        past = queries_beginning(prefix=query, language=language, limit=EACH)
        groups = [
            Group("queries", _("Searches"), queries_hints(past)),
            Group("categories", _("Categories"), _categories(query)),
            Group("products", _("Products"), _products(products_found(query)[:EACH])),
        ]
    return [group for group in groups if group.hints]


def queries_hints(queries: Sequence[str]) -> list[Hint]:
    return [Hint(name=query, url=results_url(query)) for query in queries]


def _categories(query: str) -> list[Hint]:
    tree = category_tree()
    words = query.casefold()
    found = [node for node in tree.values() if words in node.name.casefold()]
    return [
        Hint(
            name=node.name,
            url=node.url,
            note=tree[node.parent_path].name if node.parent_path in tree else "",
        )
        for node in found[:EACH]
    ]


def _products(products) -> list[Hint]:
    products = list(products)
    offers, pictures = offers_of(products), pictures_of(products)
    return [
        Hint(
            name=product.title,
            url=product.get_absolute_url(),
            price=price_shown(offers[product.pk]),
            picture=next(iter(pictures[product.pk]), None),
        )
        for product in products
    ]
