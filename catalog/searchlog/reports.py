"""The search log for people who run the shop. Reads the days' sums; the newest are minutes old."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.formats import date_format

from catalog.models import Category, Product, ProductCategory
from catalog.searchlog.models import Search, SearchClick, SearchTermDay
from catalog.searchlog.services import AGAIN
from shop.core.days import day_start

WEEK = 7
WEEKS_BEFORE = 4
RISING_AT_LEAST = 4  # searches this week; fewer are chance
RISING_LIFT = 1.5
RISING_SURPRISE = 2.0  # standard deviations beyond chance
TERM_DAYS = 28


def terms_found(
    *, days: int = 28, language: str = "", text: str = "", only: str = "popular"
) -> QuerySet:
    """Queries of the last ``days`` days, today included, with their sums, one row per query.

    ``only`` is ``popular``, ``zero`` (found nothing at least once) or ``slow``; each has the worst
    first. Rows are dicts: query, language, times, people, empty, late, opened, bought, took, longest.
    """
    since = timezone.localdate() - dt.timedelta(days=days)
    rows = SearchTermDay.objects.filter(day__gt=since)
    if language:
        rows = rows.filter(language=language)
    if text:
        rows = rows.filter(query__contains=text.casefold())
    sums = rows.values("query", "language").annotate(
        times=Sum("searches"),
        people=Sum("visitors"),
        empty=Sum("zero"),
        late=Sum("slow"),
        opened=Sum("clicked"),
        bought=Sum("carted"),
        longest=Max("took_ms_most"),
        took=Sum(F("took_ms") * F("searches")) / Sum("searches"),  # whole milliseconds
        last_day=Max("day"),
    )
    if only == "zero":
        return sums.filter(empty__gt=0).order_by("-empty", "query", "language")
    if only == "slow":
        return sums.filter(late__gt=0).order_by("-late", "-longest", "query", "language")
    return sums.order_by("-times", "query", "language")


def searches_summed(*, days: int, until: dt.date | None = None) -> dict[str, int]:
    """Sums over all queries of ``days`` days up to and with ``until`` (today when left out)."""
    last = until or timezone.localdate()
    sums = SearchTermDay.objects.filter(
        day__gt=last - dt.timedelta(days=days), day__lte=last
    ).aggregate(
        times=Sum("searches"),
        empty=Sum("zero"),
        late=Sum("slow"),
        opened=Sum("clicked"),
        bought=Sum("carted"),
    )
    return {name: number or 0 for name, number in sums.items()}


@dataclass(frozen=True)
class Rising:
    """Something that is asked for more than before. ``lift``: times its weekly mean of before."""

    name: str
    language: str
    now: int
    before: float
    lift: float | None
    is_new: bool
    href: str = ""

    @property
    def surprise(self) -> float:
        """How far beyond chance: the gain in standard deviations of a count (Poisson)."""
        return (self.now - self.before) / sqrt(self.before + 1)


def terms_rising(*, language: str = "", limit: int = 50) -> list[Rising]:
    """Queries of the last seven days against the weekly mean of the four weeks before."""
    now, before = _weeks()
    rows = SearchTermDay.objects.filter(day__gt=before, searches__gt=0)
    if language:
        rows = rows.filter(language=language)
    sums = (
        rows.values("query", "language")
        .annotate(
            now=Sum("searches", filter=Q(day__gt=now), default=0),
            before=Sum("searches", filter=Q(day__lte=now), default=0),
        )
        .filter(now__gte=RISING_AT_LEAST, now__gt=F("before") * RISING_LIFT / WEEKS_BEFORE)
    )
    found = [rising(row["query"], row["language"], row["now"], row["before"]) for row in sums]
    return _beyond_chance(found)[:limit]


def categories_rising(*, limit: int = 20) -> list[Rising]:
    """Categories whose products were opened from searches, this week against the four before."""
    now, before = _weeks()
    clicks = SearchClick.objects.filter(clicked_at__gte=day_start(before + dt.timedelta(days=1)))
    counts = (
        ProductCategory.objects.filter(product__in=clicks.values("family"))
        .order_by()
        .values_list("product_id", "category_id")
    )
    places: dict[int, list[int]] = {}
    for product_id, category_id in counts:
        places.setdefault(product_id, []).append(category_id)
    this_week, weeks_before = Counter[int](), Counter[int]()
    turn = day_start(now + dt.timedelta(days=1))
    rows = clicks.values_list("family_id", Q(clicked_at__gte=turn)).annotate(number=Count("pk"))
    for family_id, is_now, number in rows:
        for category_id in places.get(family_id, ()):
            (this_week if is_now else weeks_before)[category_id] += number
    wanted = [
        pk
        for pk, number in this_week.items()
        if number >= RISING_AT_LEAST and number > weeks_before[pk] * RISING_LIFT / WEEKS_BEFORE
    ]
    categories = Category.objects.in_bulk(wanted)
    found = [
        rising(
            categories[pk].name,
            "",
            this_week[pk],
            weeks_before[pk],
            href=categories[pk].get_absolute_url(),
        )
        for pk in wanted
        if pk in categories
    ]
    return _beyond_chance(found)[:limit]


def _beyond_chance(found: Iterable[Rising]) -> list[Rising]:
    """The most surprising ones first."""
    kept = [one for one in found if one.surprise >= RISING_SURPRISE]
    return sorted(kept, key=lambda one: (-one.surprise, one.name))


def rising(name: str, language: str, now: int, before: int, *, href: str = "") -> Rising:
    """``now`` of one week, ``before`` of four."""
    mean = before / WEEKS_BEFORE
    return Rising(
        name=name,
        language=language,
        now=now,
        before=mean,
        lift=now / mean if mean else None,
        is_new=not before,
        href=href,
    )


def _weeks() -> tuple[dt.date, dt.date]:
    """The days after which this week and the four weeks before begin."""
    today = timezone.localdate()
    return today - dt.timedelta(days=WEEK), today - dt.timedelta(days=WEEK * (WEEKS_BEFORE + 1))


@dataclass
class Term:
    """Everything about one query in ``TERM_DAYS`` days. ``trend``: searches a day, oldest first."""

    query: str
    language: str
    sums: dict[str, Any]
    trend: list[dict[str, Any]]
    ends: dict[str, int]
    products: list[dict[str, Any]] = field(default_factory=list)
    next_queries: list[tuple[str, int]] = field(default_factory=list)
    spellings: list[tuple[str, int]] = field(default_factory=list)
    mended: str = ""

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The trend as rows of a bar chart."""
        return [
            {"name": date_format(one["day"], "SHORT_DATE_FORMAT"), "value": one["number"]}
            for one in self.trend
        ]


def term_read(*, query: str, language: str = "") -> Term | None:
    """One query, or ``None`` if nobody has used it in that time."""
    today = timezone.localdate()
    first = today - dt.timedelta(days=TERM_DAYS - 1)
    days = SearchTermDay.objects.filter(query=query, day__gte=first)
    if language:
        days = days.filter(language=language)
    sums = days.aggregate(
        times=Sum("searches", default=0),
        people=Sum("visitors", default=0),
        empty=Sum("zero", default=0),
        late=Sum("slow", default=0),
        opened=Sum("clicked", default=0),
        bought=Sum("carted", default=0),
        longest=Max("took_ms_most", default=0),
        took=Sum(F("took_ms") * F("searches"), default=0),
    )
    if not sums["times"]:
        return None
    sums["took"] = round(sums["took"] / sums["times"])
    searches = Search.objects.filter(query=query, searched_at__gte=day_start(first))
    if language:
        searches = searches.filter(language=language)
    by_day = dict(days.values_list("day").annotate(number=Sum("searches")))
    all_days = [first + dt.timedelta(days=step) for step in range(TERM_DAYS)]
    ends, next_queries = _what_next(searches)
    return Term(
        query=query,
        language=language,
        sums=sums,
        trend=[{"day": day, "number": by_day.get(day, 0)} for day in all_days],
        ends=ends,
        products=_opened(searches),
        next_queries=next_queries,
        spellings=_counted(searches, "typed", limit=6),
        mended=next((name for name, _n in _counted(searches, "understood", limit=1)), ""),
    )


def _counted(searches: QuerySet, column: str, *, limit: int) -> list[tuple[str, int]]:
    counts = searches.exclude(**{column: ""}).order_by().values_list(column)
    return list(counts.annotate(number=Count("pk")).order_by("-number", column)[:limit])


def _what_next(searches: QuerySet) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """How searches ended, each in one way, and which queries came next.

    The farthest step counts: basket, product, another query within ten minutes, nothing.
    """
    following = (
        Search.objects.filter(
            visitor=OuterRef("visitor"),
            searched_at__gt=OuterRef("searched_at"),
            searched_at__lte=OuterRef("searched_at") + AGAIN,
        )
        .exclude(query=OuterRef("query"))
        .order_by("searched_at")
    )
    clicks = SearchClick.objects.filter(search=OuterRef("pk"))
    rows = searches.annotate(
        following=Subquery(following.values("query")[:1]),
        has_click=Exists(clicks),
        has_basket=Exists(clicks.filter(carted_at__isnull=False)),
    ).values_list("following", "has_click", "has_basket")
    ends, refined = Counter[str](), Counter[str]()
    for query, has_click, has_basket in rows.iterator(chunk_size=2000):
        if query:
            refined[query] += 1
        end = "basket" if has_basket else "opened" if has_click else "refined" if query else "left"
        ends[end] += 1
    return {name: ends[name] for name in ("basket", "opened", "refined", "left")}, (
        refined.most_common(10)
    )


def _opened(searches: QuerySet) -> list[dict[str, Any]]:
    """Which products were opened from these searches, most first."""
    rows = list(
        SearchClick.objects.filter(search__in=searches.order_by().values("pk"))
        .order_by()
        .values("family_id")
        .annotate(times=Count("pk"), bought=Count("carted_at"))
        .order_by("-times", "family_id")[:10]
    )
    products = Product.objects.in_bulk([row["family_id"] for row in rows])
    return [row | {"product": products[row["family_id"]]} for row in rows]
