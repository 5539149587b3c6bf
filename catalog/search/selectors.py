"""Searching: from what was typed to a statement that lists what fits, best first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import get_language

from catalog.search.analysis import code_fold
from catalog.search.matches import Matches
from catalog.search.mending import Mended, query_mend
from catalog.search.models import LANGUAGES
from catalog.search.query import LENGTH_AT_MOST, Params, Query, query_parse
from catalog.search.rules import Weights, rules_current
from catalog.search.scoring import NOTHING, fits_sql, listed_score, matches_sql
from catalog.search.suggesting import Suggestions, suggestions

__all__ = ["Part", "Suggestions", "matches_explained", "search_matches", "suggestions"]

Condition = tuple[str, Params]


class Part(NamedTuple):
    """Why a hit stands where it does: each part as it counts, weights included."""

    product_id: int
    score: float
    text: float
    sales: float
    stock: float
    rating: float


class _Plan(NamedTuple):
    """What will be asked: the query as understood and the condition that finds something."""

    query: Query
    condition: Condition | None
    family: int | None = None
    exact: int | None = None
    alternatives: tuple[str, ...] = ()


def search_matches(
    *, query: str, language: str = "", weights: Weights | None = None, mend: bool = True
) -> Matches:
    """What fits ``query`` for a reader of ``language`` (the current one if it is empty).

    ``mend``: typing slips are mended and, where nothing fits all words, fewer will do.

    Three statements at most, none of which reads the matches themselves. ``weights`` are for a
    preview; the operator's count if there are none. Any text is a query; nothing raises.
    """
    typed = " ".join(query.replace("\x00", " ")[:LENGTH_AT_MOST].split())
    language = language_known(language or get_language() or "")
    rules = rules_current()
    parsed = query_parse(typed, synonyms=rules.synonyms.get(language, {}))
    if not parsed.groups:
        return Matches(query=typed, understood=typed, sql=NOTHING)
    plan = _plan(typed, parsed, language, mend=mend)
    sql, params = matches_sql(
        plan.query.groups,
        condition=plan.condition,
        family=plan.family,
        language=language,
        weights=weights or rules.weights,
    )
    return Matches(
        query=typed,
        understood=typed if _is_same(plan.query, parsed) else plan.query.text,
        sql=sql,
        params=tuple(params),
        **_for_lists(plan, language, weights or rules.weights),
        redirect=rules.redirects.get(language, {}).get(parsed.text, ""),
        exact=plan.exact,
        alternatives=plan.alternatives,
    )


def _for_lists(plan: _Plan, language: str, weights: Weights) -> dict[str, Any]:
    if plan.condition is None and plan.family is None:
        return {}
    fits, fits_params = fits_sql(
        plan.query.groups, condition=plan.condition, family=plan.family, language=language
    )
    score, score_params = listed_score(family=plan.family, weights=weights)
    return {
        "fits": fits,
        "fits_params": tuple(fits_params),
        "score": score,
        "score_params": tuple(score_params),
    }


def matches_explained(
    *, query: str, language: str = "", ids: Sequence[int], weights: Weights | None = None
) -> dict[int, Part]:
    """By family: the parts of its score, for those of ``ids`` that fit ``query``."""
    typed = " ".join(query.replace("\x00", " ")[:LENGTH_AT_MOST].split())
    language = language_known(language or get_language() or "")
    rules = rules_current()
    parsed = query_parse(typed, synonyms=rules.synonyms.get(language, {}))
    if not parsed.groups or not ids:
        return {}
    plan = _plan(typed, parsed, language)
    sql, params = matches_sql(
        plan.query.groups,
        condition=plan.condition,
        family=plan.family,
        language=language,
        weights=weights or rules.weights,
        is_explained=True,
    )
    with connection.cursor() as cursor:
        wanted = f"SELECT * FROM ({sql}) AS m WHERE product_id = ANY(%s)"  # noqa: S608
        cursor.execute(wanted, [*params, list(ids)])
        return {row[0]: Part(*row) for row in cursor.fetchall()}


def _is_same(one: Query, other: Query) -> bool:
    """Spaces between Chinese words are no difference."""
    return one.text.replace(" ", "") == other.text.replace(" ", "")


def language_known(language: str) -> str:
    """The language whose documents are read; English for one that the shop does not speak."""
    return language if language in LANGUAGES else LANGUAGES[0]


def _plan(typed: str, parsed: Query, language: str, *, mend: bool = True) -> _Plan:
    """The narrowest reading that finds anything."""
    strict = parsed.strict_sql()
    code = code_fold(typed)
    family, exact, is_found = _probe_first(code, strict, language)
    if is_found or family or not mend:
        return _Plan(parsed, strict if is_found else None, family, exact)
    mended = query_mend(parsed, language=language)
    best, telling = mended.query, mended.query.telling()
    steps = [
        (best, best.strict_sql()),
        (best, telling.strict_sql()),
        (best, telling.relaxed_sql()),
        (best, best.any_sql()),
    ]
    if loose := best.loosened():
        steps += [(loose, loose.relaxed_sql()), (loose, loose.any_sql())]
    found = _probe([condition for _query, condition in steps], language)
    for (query, condition), is_found in zip(steps, found, strict=True):
        if is_found:
            return _Plan(query, condition, alternatives=_others(mended, query))
    return _Plan(parsed, None, alternatives=mended.alternatives)


def _others(mended: Mended, query: Query) -> tuple[str, ...]:
    return tuple(text for text in mended.alternatives if text != query.text)


# Planned as if all were read, because for a first row alone the planner walks the whole table; run
# only until that first row.
EXISTS = """EXISTS (WITH fitting AS MATERIALIZED (
    SELECT 1 FROM finding_searchdocument WHERE language = %s AND words @@ {}
) SELECT 1 FROM fitting)"""


def _probe_first(
    code: str, strict: Condition, language: str
) -> tuple[int | None, int | None, bool]:
    """The family and the product with this code, and whether anything fits. One statement."""
    condition, params = strict
    sql = f"""
        WITH carriers AS MATERIALIZED ( -- for a first row alone the planner walks the whole table
            SELECT product_id FROM finding_searchdocument
            WHERE language = 'en' AND %s <> '' AND codes @> ARRAY[%s]::varchar[]
        ),
        coded AS (SELECT product_id FROM carriers ORDER BY product_id LIMIT 1)
        SELECT (SELECT product_id FROM coded),
               (SELECT p.id FROM catalogue_product p
                LEFT JOIN partner_stockrecord s ON s.product_id = p.id
                WHERE p.parent_id = (SELECT product_id FROM coded) AND p.is_public
                  AND %s IN (upper(p.upc), upper(s.partner_sku))
                ORDER BY p.id LIMIT 1),
               {EXISTS.format(condition)}
    """  # noqa: S608  the condition is made of constants and placeholders
    with connection.cursor() as cursor:
        cursor.execute(sql, [code, code, code, language, *params])
        family, variant, is_found = cursor.fetchone()
    return family, variant or family, is_found


def _probe(conditions: Sequence[Condition], language: str) -> tuple[bool, ...]:
    """Whether anything fits, for each of the conditions. One statement."""
    if not conditions:
        return ()
    parts = [EXISTS.format(condition) for condition, _params in conditions]
    values = [value for _condition, params in conditions for value in (language, *params)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return cursor.fetchone()
