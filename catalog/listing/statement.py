"""The one statement behind a list: its page, its total and every count beside it.

Each row of the scope gets ``missed``, a sum of bits that says which facets leave it out. A row that
misses nothing is in the list. A row that misses one facet alone would be there without it, so it
counts for the values of that facet: several values of a facet can be chosen and each keeps a true
count. All of it comes from one pass over the scope; a later page costs what the first one costs.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from catalog.exchange.shopper import shopper_currency
from catalog.listing.facets import Words
from catalog.listing.filters import Filters
from catalog.listing.scopes import Scope
from catalog.selectors import category_by_word

CATEGORY, PRICE, BRAND, RATING, STOCK, OFFER, OPTIONS = 1, 2, 4, 8, 16, 32, 64
# Where price bands may begin and end, in whole units of the currency.
STEPS = [step * 10**power for power in range(7) for step in (1, 2, 5)]

ORDERS = {
    "relevance": "score DESC NULLS LAST, is_in_stock DESC, product_id DESC",
    "featured": (
        "score DESC NULLS LAST, is_in_stock DESC, priority DESC, rating DESC NULLS LAST,"
        " product_id DESC"
    ),
    "newest": "listed_at DESC, product_id DESC",
    "price": "price ASC NULLS LAST, product_id ASC",
    "price-down": "price DESC NULLS LAST, product_id ASC",
    "rating": "rating DESC NULLS LAST, reviews DESC, priority DESC, product_id DESC",
    "sold": "sold DESC, product_id DESC",
}

STATEMENT = """
WITH {source}
near AS MATERIALIZED (
    -- Rows that more than one facet leaves out count nowhere, but they show which values exist.
    SELECT *, CASE WHEN missed & (missed - 1) = 0 THEN missed ELSE -1 END AS only_missed
    FROM (
        SELECT listed.product_id, listed.category_ids, {options} AS shown_options, listed.brand_id,
            listed.price, listed.rating, listed.reviews, listed.is_in_stock, listed.offer_ends_at,
            listed.sold, listed.priority, listed.listed_at,
            width_bucket(listed.price::float, %s::float[]) AS band,
            floor(listed.rating)::int AS stars, listed.is_in_stock::int AS stock,
            {on_offer}::int AS offered, {score} AS score, ({missed}) AS missed
        FROM {listed} AS listed {join}
        WHERE {where}
    ) AS scoped
),
one_of_each AS (
    -- What a row has one of is counted together, in one pass.
    SELECT CASE GROUPING(brand_id, band, stars, stock, offered)
            WHEN 15 THEN 'brand' WHEN 23 THEN 'band' WHEN 27 THEN 'rating' WHEN 29 THEN 'stock'
            WHEN 30 THEN 'offer' ELSE 'total' END AS kind,
        COALESCE(brand_id, band, stars, stock, offered)::bigint AS value,
        only_missed, COUNT(*) AS number
    FROM near
    GROUP BY GROUPING SETS ((only_missed), (only_missed, brand_id), (only_missed, band),
        (only_missed, stars), (only_missed, stock), (only_missed, offered))
),
counted AS (
    SELECT * FROM one_of_each WHERE value IS NOT NULL OR kind = 'total'
    UNION ALL
    SELECT 'category', value, only_missed, COUNT(*)
        FROM near, unnest(category_ids) AS value GROUP BY 2, 3
    UNION ALL
    SELECT 'option', value, only_missed, COUNT(*)
        FROM near, unnest(shown_options) AS value GROUP BY 2, 3
),
page AS (
    SELECT product_id, row_number() OVER () AS place FROM (
        SELECT product_id FROM near WHERE missed = 0 ORDER BY {order} LIMIT %s
        OFFSET (SELECT GREATEST(0, LEAST(%s, (COUNT(*) - 1) / %s)) * %s FROM near WHERE missed = 0)
    ) AS chosen
)
SELECT kind, value, only_missed, number FROM counted
UNION ALL SELECT 'page', product_id, 0, place FROM page
UNION ALL SELECT 'ends', floor(extract(epoch FROM MIN(offer_ends_at)))::bigint, 0, 0
    FROM near WHERE missed = 0 AND offer_ends_at > now()
"""

CURRENCY = re.compile(r"[A-Z]{3}")
ROW = (
    "product_id, category_ids, option_ids, options_in_stock, brand_id, is_on_offer, offer_ends_at,"
    " is_in_stock, rating, reviews, sold, priority, listed_at"
)
FAMILY = "(SELECT COALESCE(parent_id, id) FROM catalogue_product WHERE id = {})"
ON_OFFER = "(listed.is_on_offer AND COALESCE(listed.offer_ends_at > now(), TRUE))"


@dataclass
class Conditions:
    """What leaves rows out: one expression, its bit and its values for each facet that narrows."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)
    bits: dict[str, int] = field(default_factory=dict)  # by the facet's key

    def add(self, key: str, bit: int, wanted: str, *params: Any) -> None:
        self.parts.append(f"CASE WHEN {wanted} THEN 0 ELSE {bit} END")
        self.params += params
        self.bits[key] = bit

    @property
    def sql(self) -> str:
        return " + ".join(self.parts) or "0"


def conditions_of(filters: Filters, words: Words) -> Conditions:
    """The facets that ``filters`` narrow."""
    made = Conditions()
    if node := category_by_word(filters.category):
        made.add("category", CATEGORY, "listed.category_ids @> ARRAY[%s]::bigint[]", node.pk)
    if filters.price:
        made.add(
            "price",
            PRICE,
            "COALESCE(listed.price BETWEEN %s AND %s, FALSE)",
            filters.price_min or 0,
            filters.price_max if filters.price_max is not None else 10**10,
        )
    if filters.brands:
        ids = [pk for brand in filters.brands for pk in words.brands[brand].ids]
        made.add("brand", BRAND, "COALESCE(listed.brand_id = ANY(%s), FALSE)", ids)
    if filters.rating:
        made.add("rating", RATING, "COALESCE(listed.rating >= %s, FALSE)", filters.rating)
    if filters.in_stock:
        made.add("stock", STOCK, "listed.is_in_stock")
    if filters.on_offer:
        made.add("offer", OFFER, ON_OFFER)
    for place, (key, values) in enumerate(filters.options):
        ids = sorted(pk for value in values for pk in words.facets[key].values[value].ids)
        wanted = f"{options_column(filters)} && %s::bigint[]"
        made.add(key, OPTIONS << place, wanted, ids)
    return made


def listed_in(currency: str) -> str:
    """The rows of lists with their prices in ``currency``."""
    if currency == settings.OSCAR_DEFAULT_CURRENCY:
        return "listing_listedproduct"
    if not CURRENCY.fullmatch(currency):
        raise ValueError(f"{currency!r} is no currency")
    return f"(SELECT {ROW}, (prices->>'{currency}')::numeric AS price FROM listing_listedproduct)"  # noqa: S608


def options_column(filters: Filters) -> str:
    """With "in stock" only the options of variants count that can be bought."""
    return "listed.options_in_stock" if filters.in_stock else "listed.option_ids"


def statement(
    scope: Scope, filters: Filters, conditions: Conditions
) -> tuple[str, tuple[Any, ...]]:
    """SQL and values. Answers rows of ``kind, value, only_missed, number``."""
    order = ORDERS[filters.sort or scope.order]
    if scope.first is not None:
        order = f"(product_id = {FAMILY.format(int(scope.first))}) DESC, {order}"
    sql = STATEMENT.format(
        listed=listed_in(shopper_currency()),
        source=f"matched(product_id, score) AS MATERIALIZED ({scope.source})," * bool(scope.source),
        score=scope.score,
        join="JOIN matched USING (product_id)" if scope.source else "",
        options=options_column(filters),
        missed=conditions.sql,
        where=scope.where,
        on_offer=ON_OFFER,
        order=order,
    )
    params = (
        *scope.source_params,
        STEPS,
        *scope.score_params,
        *conditions.params,
        *scope.params,
        filters.per,
        filters.page - 1,
        filters.per,
        filters.per,
    )
    return sql, params
