"""The demo's search log: what was typed, what it found, what was opened and bought.

What a query finds is asked of the search itself, so the log tells the truth about this shop.
"""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from catalog.search.selectors import search_matches
from catalog.searchlog.models import Search, SearchClick
from catalog.searchlog.services import term_day_rebuild
from catalog.searchlog.text import query_cleaned, query_normalised
from shop.demo.catalogue import DATA, Size
from shop.demo.loader.bulk import bulk

SEARCHES = {"small": 200, "full": 3000}
DAYS = 75  # raw rows are kept for 90
WEEK = dt.timedelta(days=7)
SHELF = 12  # products of a page that anybody looks at
HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 8, 8, 9, 8, 8, 8, 9, 10, 12, 15, 17, 16, 10, 4)
CHINESE_SHARE = 0.38
OPENED, CARTED = 0.55, 0.24  # of searches that found something; of what was opened
GIVEN_UP = 0.35  # of those who slipped or found nothing and do not try again


@dataclass(frozen=True)
class Found:
    """What one query finds, best first."""

    families: tuple[int, ...]
    total: int
    understood: str


@dataclass(frozen=True)
class Visit:
    """What somebody types one after the other."""

    language: str
    queries: tuple[str, ...]


def searches_load(*, size: Size, seed: int, now: dt.datetime) -> int:
    """Write the log and its days' sums; the number of searches. After the search documents."""
    rng = random.Random(f"searches:{seed}")
    found: dict[tuple[str, str], Found] = {}
    searches: list[Search] = []
    opened: list[tuple[int, SearchClick]] = []
    visits = _visits(rng, now)
    while len(searches) < SEARCHES[size]:
        visit, moment = next(visits)
        visitor = f"{rng.getrandbits(64):016x}"
        for query in visit.queries:
            key = (query, visit.language)
            if key not in found:
                found[key] = _find(query, visit.language)
            if moment >= now:
                break
            searches.append(_search(query, visit.language, found[key], visitor, moment, rng))
            if click := _click(found[key], moment, rng):
                opened.append((len(searches) - 1, click))
                break
            moment += dt.timedelta(seconds=rng.randint(8, 70))
    for index, click in opened:
        click.search = searches[index]
    bulk(searches)
    bulk([click for _index, click in opened])
    today = timezone.localdate(now)
    for back in range(DAYS + 1):
        term_day_rebuild(day=today - dt.timedelta(days=back))
    return len(searches)


def _visits(rng: random.Random, now: dt.datetime) -> Iterator[tuple[Visit, dt.datetime]]:
    """Visits without end, each at its moment; the last week's have what is rising."""
    with (DATA / "searches.toml").open("rb") as source:
        words = tomllib.load(source)
    usual = {language: _weighted(rows, is_recent=False) for language, rows in words.items()}
    recent = {language: _weighted(rows, is_recent=True) for language, rows in words.items()}
    while True:
        # Visitors grow more by a third over the time, and one day is busier than another.
        back = DAYS * (1 - rng.random() ** 0.8)
        hour = rng.choices(range(24), HOURS)[0]
        day = (now - dt.timedelta(days=back)).replace(minute=0, second=0, microsecond=0)
        moment = day.replace(hour=hour) + dt.timedelta(seconds=rng.randint(0, 3599))
        if moment >= now:
            moment -= dt.timedelta(days=1)
        language = "zh-hans" if rng.random() < CHINESE_SHARE else "en"
        texts, weights = (recent if moment > now - WEEK else usual)[language]
        queries = rng.choices(texts, weights)[0]
        if len(queries) > 1 and rng.random() < GIVEN_UP:
            queries = queries[:1]
        yield Visit(language, queries), moment


def _weighted(
    rows: dict[str, list[Any]], *, is_recent: bool
) -> tuple[list[tuple[str, ...]], list[float]]:
    """Queries of a visit, and how often it happens."""
    visits: list[tuple[tuple[str, ...], float]] = [((text,), n) for text, n in rows["steady"]]
    visits += [((slip, meant), n) for slip, meant, n in rows["slips"]]
    visits += [(tuple(filter(None, texts)), n) for *texts, n in rows["lacking"]]
    visits += [((text,), n * (more if is_recent else 1)) for text, n, more in rows["rising"]]
    return [queries for queries, _n in visits], [n for _queries, n in visits]


def _find(query: str, language: str) -> Found:
    with override(language):
        matches = search_matches(query=query, language=language)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT product_id, count(*) OVER () FROM ({matches.sql}) AS m"  # noqa: S608
            " ORDER BY score DESC, product_id LIMIT %s",
            [*matches.params, SHELF],
        )
        rows = cursor.fetchall()
    return Found(
        families=tuple(row[0] for row in rows),
        total=rows[0][1] if rows else 0,
        understood=query_normalised(matches.understood) if matches.is_mended else "",
    )


def _search(
    query: str, language: str, found: Found, visitor: str, moment: dt.datetime, rng: random.Random
) -> Search:
    # Most take a few milliseconds; one in a hundred met a cold cache or a busy machine.
    took = rng.lognormvariate(2.9, 0.5) if rng.random() > 0.01 else rng.uniform(320, 1400)
    normal = query_normalised(query)
    return Search(
        query=normal,
        typed=_typed(query_cleaned(query), rng),
        understood="" if found.understood == normal else found.understood,
        language=language,
        results=found.total,
        took_ms=round(took),
        is_slow=took > settings.SEARCH_SLOW_MS,
        visitor=visitor,
        searched_at=moment,
    )


def _typed(query: str, rng: random.Random) -> str:
    """People begin with a capital letter as their telephones do."""
    return query[:1].upper() + query[1:] if rng.random() < 0.3 else query


def _click(found: Found, moment: dt.datetime, rng: random.Random) -> SearchClick | None:
    """What is further up is opened more often (weight 1 / place)."""
    if not found.families or rng.random() > OPENED:
        return None
    places = [1 / place for place in range(1, len(found.families) + 1)]
    clicked_at = moment + dt.timedelta(seconds=rng.randint(4, 60))
    has_bought = rng.random() < CARTED
    return SearchClick(
        family_id=rng.choices(found.families, places)[0],
        clicked_at=clicked_at,
        carted_at=clicked_at + dt.timedelta(seconds=rng.randint(20, 400)) if has_bought else None,
    )
