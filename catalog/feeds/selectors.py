"""Reading how feeds were made."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from catalog.feeds.models import FeedProblem, FeedRun
from catalog.feeds.storage import feed_is_there


@dataclass(frozen=True)
class FeedFile:
    """A finished file. ``digest`` is the same for the same content, ``bytes`` uncompressed."""

    language: str
    name: str
    digest: str
    bytes: int
    made_at: dt.datetime


def run_last() -> FeedRun | None:
    """The last one that ended well."""
    return FeedRun.objects.filter(finished_at__isnull=False, error="").first()


def files_of(run: FeedRun) -> list[FeedFile]:
    assert run.finished_at is not None
    return [
        FeedFile(
            language=code,
            name=one["name"],
            digest=one["digest"],
            bytes=one["bytes"],
            made_at=dt.datetime.fromisoformat(one["made_at"]),
        )
        for code, one in run.files.items()
    ]


def feed_file(*, language: str) -> FeedFile | None:
    """The newest one that is still there."""
    run = run_last()
    found = next((one for one in files_of(run) if one.language == language), None) if run else None
    return found if found and feed_is_there(found.name) else None


def is_due(*, minutes: int) -> bool:
    """Whether ``minutes`` have passed since a feed was begun; never when they are 0."""
    if not minutes:
        return False
    since = timezone.now() - dt.timedelta(minutes=minutes)
    return not FeedRun.objects.filter(started_at__gt=since).exists()


def problems_of(run: FeedRun, *, flaw: str = "") -> QuerySet[FeedProblem]:
    """What keeps products out stands first."""
    rows = run.problems.select_related("product__parent").order_by("-is_left_out", "flaw", "pk")
    return rows.filter(flaw=flaw) if flaw else rows


def problem_counts(run: FeedRun) -> dict[str, int]:
    rows = run.problems.order_by().values("flaw").annotate(number=Count("pk"))
    return {row["flaw"]: row["number"] for row in rows}
