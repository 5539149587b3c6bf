"""Products to find, and what a search finds."""

from django.db import connection

from catalog.models import Product
from catalog.search.matches import Matches
from catalog.search.rules import Weights
from catalog.search.selectors import search_matches
from tests.factories import ProductFactory


def good(en: str, zh: str = "", **fields) -> Product:
    """A product with a name in both languages."""
    return ProductFactory(title=en, title_en=en, title_zh_hans=zh or en, **fields)


def hits(matches: Matches) -> list[int]:
    """The families of ``matches``, best first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH m AS MATERIALIZED ({matches.sql})"
            " SELECT product_id FROM m ORDER BY score DESC, product_id",
            list(matches.params),
        )
        return [row[0] for row in cursor.fetchall()]


def found(query: str, language: str = "en", weights: Weights | None = None) -> list[int]:
    return hits(search_matches(query=query, language=language, weights=weights))
