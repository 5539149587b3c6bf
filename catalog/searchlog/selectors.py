"""What shoppers may see of the log: queries that others have used with success."""

import datetime as dt
from typing import NamedTuple

from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import get_language, override

from catalog.search.analysis import initials_of, phrase_fold, sound_of
from catalog.searchlog.models import SearchTermDay
from catalog.searchlog.text import is_personal
from shop.core.nearby import Nearby

RECENT_DAYS = 28
VISITORS_AT_LEAST = 3  # a query that fewer people have used may tell of one of them
KEPT = 1000  # queries of a language that are ever suggested, the most popular ones
KEPT_SECONDS = 600


class PastQuery(NamedTuple):
    """A query as it is shown, and all by which its beginning may be typed."""

    text: str
    keys: tuple[str, ...]


def queries_popular(*, language: str, limit: int = 8) -> list[str]:
    """What was searched for most in four weeks, most first."""
    return [past.text for past in _past_queries(language)[:limit]]


def queries_beginning(*, prefix: str, language: str, limit: int = 4) -> list[str]:
    """Popular queries that begin with ``prefix`` or sound so, but are not it, most first."""
    typed = phrase_fold(prefix)
    if not typed:
        return []
    found = [
        past.text
        for past in _past_queries(language)
        if past.keys[0] != typed and any(key.startswith(typed) for key in past.keys)
    ]
    return found[:limit]


def _past_queries(language: str) -> list[PastQuery]:
    """Kept for ten minutes: every letter that is typed asks for it. One query."""
    with override(language):
        return _past.get()


def _past_queries_read() -> list[PastQuery]:
    """Queries of several visitors that mostly found something and tell of nobody."""
    language = get_language() or ""
    since = timezone.localdate() - dt.timedelta(days=RECENT_DAYS)
    rows = (
        SearchTermDay.objects.filter(language=language, day__gt=since)
        .values("query")
        .annotate(times=Sum("searches"), people=Sum("visitors"), empty=Sum("zero"))
        .filter(people__gte=VISITORS_AT_LEAST, times__gt=2 * F("empty"))
        .order_by("-times", "query")
        .values_list("query", flat=True)
    )
    found: dict[str, PastQuery] = {}
    for query in rows[:KEPT]:
        folded = phrase_fold(query)
        if folded and not is_personal(query):
            keys = (folded, sound_of(folded), initials_of(folded))
            found.setdefault(folded, PastQuery(query, tuple(dict.fromkeys(keys))))
    return list(found.values())


_past = Nearby("searchlog.past", _past_queries_read, seconds=KEPT_SECONDS, by_language=True)
