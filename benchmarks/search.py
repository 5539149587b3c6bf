"""How well and how quickly the shop's search finds what written queries want.

The queries and what they want are in ``search_queries.toml``. *Rank* is the place of the first wanted
product; *P@5* is how many of the first five are wanted, out of five or of all that are wanted.
"""

import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import percentile, table

QUERIES = Path(__file__).with_name("search_queries.toml")
HELD_OUT = QUERIES.with_name("search_queries_held_out.toml")
SPEED = (
    "headphones",
    "steel",
    "red",
    "indigo mug",
    "headpones",
    "茶",
    "头戴式耳机",
    "shouji",
    "sj",
)
ROUNDS = 20
FIRST = 24  # hits of the first page


class Outcome(NamedTuple):
    kind: str
    query: str
    rank: int | None
    precision: float


def run(*, skus: int, every: bool) -> str:
    """Without ``skus`` the full demo shop with a year of sales, and how well queries are answered.

    With ``skus`` the demo's goods so many times over, and how quickly they are.
    """
    texts = []
    if skus:
        texts.append(_many_load(skus))
    else:
        from shop.demo.loader import demo_load

        demo_load(size="full", seed=1)
        for source in (QUERIES, HELD_OUT):
            texts += [f"{source.name}:", quality_table(list(outcomes(source)), is_verbose=every)]
    return "\n\n".join([*texts, speed_table()])


def _many_load(skus: int) -> str:
    from django.core.management import call_command

    from benchmarks import catalogue
    from shop.demo.loader.search import search_rules_load

    catalogue.load(skus=skus)
    search_rules_load()
    start = time.monotonic()
    call_command("listing_rebuild")
    call_command("search_rebuild")
    return f"{skus:,} SKUs; lists and documents made in {time.monotonic() - start:.1f} s."


def outcomes(source: Path = QUERIES) -> Iterator[Outcome]:
    """What became of every written query."""
    with source.open("rb") as file:
        kinds = tomllib.load(file)
    for kind, part in kinds.items():
        for query, wanted in part["queries"]:
            found = found_slugs(query, part["language"])
            places = [place for place, slug in enumerate(found, 1) if slug in wanted]
            hits = sum(slug in wanted for slug in found[:5])
            yield Outcome(kind, query, places[0] if places else None, hits / min(5, len(wanted)))


def found_slugs(query: str, language: str) -> list[str]:
    """Slugs of the first hits, best first."""
    return [
        row[0]
        for row in _hits(query, language, "JOIN catalogue_product p ON p.id = product_id", "p.slug")
    ]


def _hits(query: str, language: str, join: str = "", column: str = "product_id") -> list[tuple]:
    from django.db import connection

    from catalog.search.selectors import search_matches

    matches = search_matches(query=query, language=language)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH matches AS MATERIALIZED ({matches.sql}) SELECT {column} FROM matches {join}"
            f" ORDER BY score DESC, product_id DESC LIMIT {FIRST}",
            list(matches.params),
        )
        return cursor.fetchall()


def quality_table(found: list[Outcome], *, is_verbose: bool) -> str:
    """By kind of query, or with ``is_verbose`` every query."""
    if is_verbose:
        rows = [(o.kind, o.query, o.rank or "–", f"{o.precision:.2f}") for o in found]
        return table(("kind", "query", "rank", "P@5"), rows)
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        kinds[outcome.kind].append(outcome)
        kinds["all"].append(outcome)
    kinds["all"] = kinds.pop("all")
    rows = [
        (
            kind,
            len(of_kind),
            sum(o.rank == 1 for o in of_kind),
            sum(o.rank is not None and o.rank <= 5 for o in of_kind),
            sum(o.rank is None for o in of_kind),
            f"{sum(o.precision for o in of_kind) / len(of_kind):.2f}",
        )
        for kind, of_kind in kinds.items()
    ]
    return table(("kind", "queries", "first", "in first 5", "not found", "P@5"), rows)


def speed_table() -> str:
    """Milliseconds of a whole search and of suggestions, as the pages ask for them."""
    from catalog.search.selectors import suggestions

    rows = []
    for query in SPEED:
        language = "en" if query.isascii() and len(query) > 2 else "zh-hans"
        search = _times(lambda q=query, code=language: _hits(q, code))
        hints = _times(lambda q=query, code=language: suggestions(query=q, language=code))
        rows.append(
            (
                query,
                percentile(search, 0.5),
                percentile(search, 0.95),
                percentile(hints, 0.5),
                percentile(hints, 0.95),
            )
        )
    return table(("query", "search p50 ms", "p95", "suggestions p50 ms", "p95"), rows)


def _times(action) -> list[float]:
    action()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return taken
