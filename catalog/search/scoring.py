"""The statement that finds and scores, as SQL for a common table expression.

Every part of a score lies between 0 and 1 and is then multiplied by the operator's weight:

- text: how well the words fit the names (``ts_rank``), against the best fit of this search;
- sales: units of the last 28 days on a logarithmic scale, against the best seller of this search;
- stock: 1 if it can be bought now;
- rating: stars of five, pulled towards 3.5 by five imagined reviews.
"""

from collections.abc import Sequence

from catalog.search.query import Group, Params, term_sql
from catalog.search.rules import Weights

NOTHING = "SELECT NULL::bigint AS product_id, 0::float8 AS score WHERE FALSE"
LABELS = "{0.05, 0.2, 0.45, 1}"  # what a word counts in D, C, B and A
IN_TEXT_ONLY = 0.04  # of one found in descriptions alone
LATER_TERM, LATER_AT_LEAST = 0.05, 0.7  # less for every synonym or meaning that comes later
WHOLE_TITLE = 1.0  # added when the query is the title
EXACT = 1000.0  # the product whose code was typed stands above everything

EXPLAINED = ", text::float8, sales::float8, stock::float8, rating::float8"
FITS = """
    SELECT d.product_id,
           {fit} + {in_text} + CASE WHEN d.title_folded = %s THEN {whole} ELSE 0 END AS fit
    FROM finding_searchdocument d
    WHERE d.language = %s AND {where}
"""
FOUND = """
    SELECT fits.product_id, coalesce(l.sold, 0) AS sold, coalesce(l.is_in_stock, true) AS is_in_stock,
           l.rating, coalesce(l.reviews, 0) AS reviews, fits.fit
    FROM ({fits}) AS fits LEFT JOIN listing_listedproduct l USING (product_id)
"""
TEXT = "%s * {of}fit / greatest(max({of}fit) OVER (), 1e-9)"
SALES = "%s * ln(1 + {of}sold) / greatest(ln(1 + max({of}sold) OVER ()), 1)"
STOCK = "%s * {of}is_in_stock::int"
RATING = "%s * (coalesce({of}rating, 0) * {of}reviews + 3.5 * 5) / ({of}reviews + 5) / 5"
PARTS = f"""
    SELECT product_id, {TEXT} AS text, {SALES} AS sales, {STOCK} AS stock, {RATING} AS rating
    FROM ({{found}}) AS found
""".replace("{of}", "")  # noqa: S608  made of constants
LISTED = f"{TEXT} + {SALES} + {STOCK} + {RATING}".format(of="listed.").replace(
    "listed.fit", "matched.score"
)


def matches_sql(
    groups: Sequence[Group],
    *,
    condition: tuple[str, Params] | None,
    family: int | None,
    language: str,
    weights: Weights,
    is_explained: bool = False,
) -> tuple[str, list[object]]:
    """``product_id, score`` of all that fit; with ``is_explained`` also the four parts.

    ``family`` has the code that was typed: it stands first, with or without a ``condition``.
    """
    if condition is None and family is None:
        return NOTHING, []
    fits, fits_params = fits_sql(groups, condition=condition, family=family, language=language)
    found = FOUND.format(fits=fits)
    first = "CASE WHEN product_id = %s THEN %s ELSE 0 END" if family else "0"
    columns = EXPLAINED if is_explained else ""
    sql = f"""
        SELECT product_id, ({first} + text + sales + stock + rating)::float8 AS score{columns}
        FROM ({PARTS.format(found=found)}) AS parts
    """  # noqa: S608  made of constants and placeholders
    params = [
        *([family, EXACT] if family else []),
        *(weights.text, weights.sales, weights.stock, weights.rating),
        *fits_params,
    ]
    return sql, params


def fits_sql(
    groups: Sequence[Group],
    *,
    condition: tuple[str, Params] | None,
    family: int | None,
    language: str,
) -> tuple[str, list[object]]:
    """``product_id, fit`` of all that fit; one of ``condition`` and ``family`` at least."""
    fit, fit_params = fit_sql(groups)
    where, where_params = _where(condition, family)
    title = " ".join(group.text for group in groups)
    sql = FITS.format(fit=fit, in_text=IN_TEXT_ONLY, whole=WHOLE_TITLE, where=where)
    return sql, [*fit_params, title, language, *where_params]


def listed_score(*, family: int | None, weights: Weights) -> tuple[str, list[object]]:
    """The score of `matches_sql` for who joins ``listed`` with ``matched(product_id, score)``."""
    first = "CASE WHEN listed.product_id = %s THEN %s ELSE 0 END + " if family else ""
    params: list[object] = [family, EXACT] if family else []
    params += [weights.text, weights.sales, weights.stock, weights.rating]
    return f"({first}{LISTED})::float8", params


def fit_sql(groups: Sequence[Group]) -> tuple[str, Params]:
    """How well the names fit: the mean over the groups, of each its best term.

    Each group by itself: a document in which one of the words stands in the description only is
    still better than one whose words are all there by chance.
    """
    sums: list[str] = []
    params: Params = []
    for group in groups:
        terms: list[str] = []
        for place, term in enumerate(group.terms):
            sql, more = term_sql(term)
            share = max(LATER_AT_LEAST, 1 - LATER_TERM * place)
            terms.append(f"{share:.2f} * ts_rank('{LABELS}', d.names, {sql})")
            params.extend(more)
        sums.append(f"greatest({', '.join(terms)})")
    return f"({' + '.join(sums)}) / {len(groups)}", params


def _where(condition: tuple[str, Params] | None, family: int | None) -> tuple[str, list[object]]:
    parts, params = [], []
    if condition:
        parts.append(f"d.words @@ {condition[0]}")
        params.extend(condition[1])
    if family:
        parts.append("d.product_id = %s")
        params.append(family)
    return f"({' OR '.join(parts)})", params
