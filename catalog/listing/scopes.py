"""What a list is of, before anybody narrows it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from catalog.models import Category, Product
from catalog.search.matches import Matches

NEW_DAYS = 60
NEW_AT_LEAST = 48  # a shop that adds little still has something new
BEST_AT_MOST = 96


LISTS = "lists"  # tag of lists that any product may enter


def list_tags(*, categories: Collection[int], brands: Collection[int]) -> set[str]:
    """Of the lists that have a product with these."""
    own = {f"category:{pk}" for pk in categories} | {f"brand:{pk}" for pk in brands}
    return own | {LISTS}


@dataclass(frozen=True)
class Scope:
    """``where`` is about ``listed``, the table of rows; ``source`` selects ``product_id, score``.

    ``score`` is what orders a row, made of columns of ``listed`` and, with a source, of ``matched``.
    """

    where: str = "TRUE"
    params: tuple[Any, ...] = ()
    source: str = ""
    source_params: tuple[Any, ...] = ()
    score: str = "NULL::float"
    score_params: tuple[Any, ...] = ()
    order: str = "featured"  # when the shopper chose none
    category: Category | None = None
    brand_id: int | None = None
    first: int | None = None  # the product that stands before all others
    is_search: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """On which changes a kept page of the list depends, beside the products that it shows."""
        if self.category is not None:
            return (f"category:{self.category.pk}",)
        return (f"brand:{self.brand_id}",) if self.brand_id else (LISTS,)

    @property
    def sorts(self) -> tuple[str, ...]:
        """The orders that make sense here."""
        best = ("relevance",) if self.is_search else ("featured",)
        return (*best, "newest", "price", "price-down", "rating", "sold")


def scope_shop() -> Scope:
    return Scope()


def scope_category(category: Category) -> Scope:
    """The category and all below it."""
    return Scope(
        where="listed.category_ids @> ARRAY[%s]::bigint[]",
        params=(category.pk,),
        category=category,
    )


def scope_brand(brand_id: int) -> Scope:
    return Scope(where="listed.brand_id = %s", params=(brand_id,), brand_id=brand_id)


def scope_collection(products: QuerySet[Product], *, range_id: int) -> Scope:
    """The products of a range; those that were put in by hand stand in the order of the hand.

    ``products``: what the range says it holds, variants among them counting for their family.
    """
    # modeltranslation brings columns in an order that differs between processes; names do not.
    keys = products.order_by().values(own=F("pk"), family_of=F("parent_id"))
    sql, params = keys.query.sql_with_params()
    source = f"""
        SELECT family AS product_id, -MIN(COALESCE(place.display_order, 1000000))::float AS score
        FROM (SELECT COALESCE(family_of, own) AS family, own AS id FROM ({sql}) AS held) AS families
        LEFT JOIN offer_rangeproduct AS place
            ON place.range_id = %s AND place.product_id = families.id
        GROUP BY family"""  # noqa: S608  the query is Django's own, its values are parameters
    return Scope(
        source=source,
        source_params=(*params, range_id),
        score="matched.score",
        order="featured",
    )


def scope_new() -> Scope:
    """What came in the last weeks, and no fewer than a page or two."""
    return Scope(
        where="""listed.listed_at >= LEAST(now() - make_interval(days => %s), COALESCE(
            (SELECT listed_at FROM listing_listedproduct ORDER BY listed_at DESC OFFSET %s LIMIT 1),
            '-infinity'))""",
        params=(NEW_DAYS, NEW_AT_LEAST - 1),
        order="newest",
    )


def scope_best() -> Scope:
    """What sold most in the last 28 days."""
    return Scope(
        where="""listed.product_id IN (SELECT product_id FROM listing_listedproduct
            WHERE sold > 0 ORDER BY sold DESC, product_id DESC LIMIT %s)""",
        params=(BEST_AT_MOST,),
        order="sold",
    )


def scope_offer() -> Scope:
    """What costs less than usual right now, by the clock of the database."""
    return Scope(
        where="listed.is_on_offer AND (listed.offer_ends_at IS NULL OR listed.offer_ends_at > now())"
    )


def scope_search(matches: Matches) -> Scope:
    return Scope(
        source=matches.fits,
        source_params=matches.fits_params,
        score=matches.score,
        score_params=matches.score_params,
        order="relevance",
        first=matches.exact,
        is_search=True,
    )
