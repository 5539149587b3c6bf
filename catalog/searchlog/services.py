"""Writing the search log. Every function is safe to repeat."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Avg, Count, Max, Q
from django.utils import timezone

from catalog.models import Product
from catalog.searchlog.locks import day_lock
from catalog.searchlog.models import KEEP_DAYS, Search, SearchClick, SearchTermDay
from catalog.searchlog.text import query_cleaned, query_normalised
from shop.core.days import day_end, day_start

AGAIN = dt.timedelta(minutes=10)  # the same words of the same visitor are one search until then
VISIT = dt.timedelta(hours=2)  # a click or a basket belongs to a search this long
COUNT_AT_MOST = 2_000_000_000


def search_record(
    *,
    typed: str,
    language: str,
    results: int,
    took_ms: int,
    visitor: str,
    moment: dt.datetime,
    understood: str = "",
) -> Search | None:
    """Keep one search; ``None`` if it holds no words or is the same visitor's same search."""
    query = query_normalised(typed)
    if not query:
        return None
    same = Search.objects.filter(
        visitor=visitor,
        query=query,
        language=language,
        searched_at__gt=moment - AGAIN,
        searched_at__lte=moment + AGAIN,
    )
    if same.exists():
        return None
    mended = query_normalised(understood)
    took_ms = min(max(took_ms, 0), COUNT_AT_MOST)
    return Search.objects.create(
        query=query,
        typed=query_cleaned(typed),
        understood="" if mended == query else mended,
        language=language,
        results=min(max(results, 0), COUNT_AT_MOST),
        took_ms=took_ms,
        is_slow=took_ms > settings.SEARCH_SLOW_MS,
        visitor=visitor,
        searched_at=moment,
    )


def click_record(*, typed: str, family_id: int, visitor: str, moment: dt.datetime) -> bool:
    """A product was opened from the results for ``typed``. False if no such search is kept."""
    searches = Search.objects.filter(
        visitor=visitor,
        query=query_normalised(typed),
        searched_at__gt=moment - VISIT,
    )
    search = searches.order_by("-searched_at").first()
    if search is None or not Product.objects.filter(pk=family_id).exists():
        return False
    SearchClick.objects.bulk_create(
        [SearchClick(search=search, family_id=family_id, clicked_at=moment)],
        ignore_conflicts=True,
    )
    return True


def cart_record(*, family_id: int, visitor: str, moment: dt.datetime) -> bool:
    """Something that a search had led to went into a basket. The latest such click counts."""
    clicks = SearchClick.objects.filter(
        search__visitor=visitor, family_id=family_id, clicked_at__gt=moment - VISIT
    )
    latest = clicks.order_by("-clicked_at").values("pk")[:1]
    return bool(SearchClick.objects.filter(pk__in=latest, carted_at=None).update(carted_at=moment))


@transaction.atomic
def term_day_rebuild(*, day: dt.date) -> int:
    """Make the sums of a local day anew from its raw rows; the number of terms.

    Days whose raw rows may be gone already are left alone.
    """
    if day <= timezone.localdate() - dt.timedelta(days=KEEP_DAYS):
        return 0
    day_lock(day)
    searches = Search.objects.filter(
        searched_at__gte=day_start(day), searched_at__lt=day_end(day)
    ).order_by()
    sums = searches.values("query", "language").annotate(
        searches=Count("pk"),
        visitors=Count("visitor", distinct=True),
        zero=Count("pk", filter=Q(results=0)),
        slow=Count("pk", filter=Q(is_slow=True)),
        mean=Avg("took_ms"),
        took_ms_most=Max("took_ms"),
    )
    ends = {
        (row["query"], row["language"]): row
        for row in searches.filter(clicks__isnull=False)
        .values("query", "language")
        .annotate(
            clicked=Count("pk", distinct=True),
            carted=Count("pk", distinct=True, filter=Q(clicks__carted_at__isnull=False)),
        )
    }
    nothing = {"clicked": 0, "carted": 0}
    rows = []
    for row in sums:
        end = ends.get((row["query"], row["language"]), nothing)
        took = round(row.pop("mean"))
        rows.append(
            SearchTermDay(
                day=day, took_ms=took, clicked=end["clicked"], carted=end["carted"], **row
            )
        )
    SearchTermDay.objects.filter(day=day).delete()
    SearchTermDay.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def searches_forget(*, now: dt.datetime | None = None) -> int:
    """Delete raw rows older than ``KEEP_DAYS``, clicks with them; how many searches."""
    oldest = day_start(timezone.localdate(now) - dt.timedelta(days=KEEP_DAYS))
    _rows, by_model = Search.objects.filter(searched_at__lt=oldest).delete()
    return by_model.get(Search._meta.label, 0)
