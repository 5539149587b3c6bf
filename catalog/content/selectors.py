"""Reading guides and pages. Whatever is not shown yet, or no more, is not found here."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import Case, Count, Min, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from catalog.content.models import (
    Article,
    ArticleProduct,
    ArticleQuerySet,
    FaqItem,
    Page,
    PageVersion,
    Place,
    Topic,
)
from catalog.pictures.selectors import with_picture
from shop.core.nearby import Nearby, nearby_forget

RELATED = 3
KEPT = ("front",)
KEPT_SECONDS = 60  # as long as the navigation; a change drops it at once
HEAVY = ("body", "body_html")


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class FootLinks:
    """What the foot of a page links to, as `components/site_footer.html` takes it."""

    help: tuple[Link, ...]
    legal: tuple[Link, ...]
    guides: bool = False


def articles_shown(
    *, topic: Topic | None = None, moment: dt.datetime | None = None
) -> ArticleQuerySet:
    """Guides for a list, the latest first, without their texts, now or as of ``moment``.

    One query; safe to slice and count.
    """
    rows = (
        with_picture(Article.objects.shown(moment), "cover").select_related("topic").defer(*HEAVY)
    )
    return rows.filter(topic=topic) if topic else rows


def article_shown(slug: str) -> Article | None:
    """One guide with its text. ``beside``: ids of the families beside it, in their order. One query."""
    links = ArticleProduct.objects.filter(article=OuterRef("pk"), is_inside=False)
    beside = ArraySubquery(links.order_by("position", "pk").values("product_id"))
    rows = with_picture(Article.objects.shown(), "cover").filter(slug=slug).select_related("topic")
    return rows.annotate(beside=beside).first()


def articles_related(article: Article, *, limit: int = RELATED) -> list[Article]:
    """Others to read next: of the same topic first, the latest first. One query."""
    near = Case(When(topic=article.topic_id, then=Value(0)), default=Value(1))
    rows = articles_shown().exclude(pk=article.pk).annotate(distance=near)
    return list(rows.order_by("distance", "-published_at", "-pk")[:limit])


def topics_shown() -> list[Topic]:
    """Topics that have guides to read; ``shown`` is how many."""
    now = timezone.now()
    is_shown = Q(articles__is_public=True, articles__published_at__lte=now) & (
        Q(articles__shown_until=None) | Q(articles__shown_until__gt=now)
    )
    rows = Topic.objects.annotate(shown=Count("articles", filter=is_shown))
    return [topic for topic in rows.order_by("position", "pk") if topic.shown]


def page_shown(slug: str) -> PageVersion | None:
    """The version that holds at this moment, with its page."""
    return _versions_shown().filter(page__slug=slug).first()


def page_version(slug: str, number: int) -> PageVersion | None:
    """A version that holds or held."""
    return _versions_shown().filter(page__slug=slug, number=number).first()


def page_history(page: Page) -> list[PageVersion]:
    """All versions that hold or held, the present one first, without their texts."""
    return list(PageVersion.objects.begun().filter(page=page).defer(*HEAVY))


def _versions_shown() -> QuerySet[PageVersion]:
    return PageVersion.objects.begun().filter(page__is_public=True).select_related("page")


def faq_items(page: Page) -> list[FaqItem]:
    """The questions of a page with their answers, in its order."""
    return list(page.questions.filter(is_public=True).order_by("position", "pk"))


def foot_links() -> FootLinks:
    """The pages that every foot links to, and whether there are guides. No query while it is kept."""
    links, changes_at = _foot.get()
    if changes_at is not None and changes_at <= timezone.now():
        nearby_forget()  # it was known when something would appear or end
        links, _changes_at = _foot.get()
    return links


def kept(name: str, read: Callable[[], Any]) -> Any:
    """What ``read`` says, asked again after a minute or a change; one for each language.

    Never kept beyond the moment at which something appears or ends by itself.
    """
    key = _kept_key(name, get_language() or settings.LANGUAGE_CODE)
    found = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, _seconds_kept())
    return found


def kept_forget() -> None:
    """Read everything anew from now on, in every language."""
    codes = [code for code, _name in settings.LANGUAGES]
    cache.delete_many([_kept_key(name, code) for name in KEPT for code in codes])
    nearby_forget()


def _kept_key(name: str, language: str) -> str:
    return f"content.{name}.{language}"


def _foot_read() -> FootLinks:
    latest = (
        _versions_shown()
        .exclude(page__place=Place.NOWHERE)
        .defer(*HEAVY)
        .order_by("page_id", "-valid_from", "-number")
        .distinct("page_id")
    )
    rows = sorted(latest, key=lambda row: (row.page.position, row.page_id))
    found: dict[str, list[Link]] = {Place.HELP: [], Place.LEGAL: []}
    for row in rows:
        url = reverse("content:page", kwargs={"slug": row.page.slug})
        found[row.page.place].append(Link(row.title, url))
    return FootLinks(
        help=tuple(found[Place.HELP]),
        legal=tuple(found[Place.LEGAL]),
        guides=Article.objects.shown().exists(),
    )


def _foot_and_its_end() -> tuple[FootLinks, dt.datetime | None]:
    return _foot_read(), next_change()


_foot = Nearby("content.foot", _foot_and_its_end, seconds=KEPT_SECONDS, by_language=True)


def _seconds_kept() -> float:
    moment = next_change()
    if moment is None:
        return KEPT_SECONDS
    return min(KEPT_SECONDS, max(0.001, (moment - timezone.now()).total_seconds()))


def next_change() -> dt.datetime | None:
    """The next moment at which something published appears, is replaced or ends. Two queries.

    A page that shows content must not be kept beyond it.
    """
    now = timezone.now()
    moments = Article.objects.filter(is_public=True).aggregate(
        begins=Min("published_at", filter=Q(published_at__gt=now)),
        ends=Min("shown_until", filter=Q(shown_until__gt=now)),
    )
    coming = PageVersion.objects.filter(valid_from__gt=now, page__is_public=True)
    moments |= coming.aggregate(version=Min("valid_from"))
    return min((moment for moment in moments.values() if moment is not None), default=None)
