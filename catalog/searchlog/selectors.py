"""What shoppers may see of the log: queries that others have used with success."""

import datetime as dt

from django.core.cache import cache
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from catalog.searchlog.models import SearchTermDay
from catalog.searchlog.text import is_personal, query_normalised

RECENT_DAYS = 28
VISITORS_AT_LEAST = 3  # a query fewer people have used may tell of one of them
SPARE = 3  # read this many times more than needed: some will be left out
POPULAR_SECONDS = 600


def queries_popular(*, language: str, limit: int = 8) -> list[str]:
    """What was searched for most in four weeks, most first. Kept for ten minutes."""
    key = f"searchlog.popular.{language}"
    kept = cache.get(key)
    if kept is None:
        kept = _shown(_successful(language), limit=20)
        cache.set(key, kept, POPULAR_SECONDS)
    return kept[:limit]


def queries_beginning(*, prefix: str, language: str, limit: int = 4) -> list[str]:
    """Popular queries that begin with ``prefix``, but are not it. At most one query."""
    prefix = query_normalised(prefix)
    if not prefix:
        return []
    terms = _successful(language).filter(query__startswith=prefix).exclude(query=prefix)
    return _shown(terms, limit=limit)


def _successful(language: str) -> QuerySet:
    """Queries of several visitors that mostly found something, most searched for first."""
    since = timezone.localdate() - dt.timedelta(days=RECENT_DAYS)
    return (
        SearchTermDay.objects.filter(language=language, day__gt=since)
        .values("query")
        .annotate(times=Sum("searches"), people=Sum("visitors"), empty=Sum("zero"))
        .filter(people__gte=VISITORS_AT_LEAST, times__gte=2 * F("empty") + 1)
        .order_by("-times", "query")
        .values_list("query", flat=True)
    )


def _shown(terms: QuerySet, *, limit: int) -> list[str]:
    """The first of ``terms`` that tell nothing about a person."""
    return [query for query in terms[: limit * SPARE] if not is_personal(query)][:limit]
