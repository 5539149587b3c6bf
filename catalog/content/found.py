"""Guides and pages in the sitemaps, and where an address that they left leads to."""

from collections.abc import Collection

from django.core.files.storage import default_storage
from django.utils.encoding import iri_to_uri

from catalog.content.models import Article, PageVersion
from catalog.content.selectors import articles_shown, topics_shown
from catalog.feeds.addresses import absolute, path_of
from catalog.feeds.sections import RowSection
from catalog.feeds.sitemaps import Image, Page, section_register
from catalog.moved.things import thing_register

ARTICLE, PAGE = "article", "page"


class GuideSection(RowSection):
    """The list of guides, their topics, and every guide with its cover. Nothing without a guide."""

    def rows(self) -> list[Page]:
        guides = [
            Page(
                path=path_of("content:guide", slug=article.slug),
                changed_at=max(article.updated_at, article.published_at),
                images=_cover(article),
            )
            for article in articles_shown().order_by("pk")
        ]
        if not guides:
            return []
        newest = max(page.changed_at for page in guides)
        topics = [path_of("content:topic", topic=topic.slug) for topic in topics_shown()]
        lists = [path_of("content:guides"), *topics]
        return [*(Page(path=path, changed_at=newest) for path in lists), *guides]


class TextSection(RowSection):
    """Pages about the shop, as they hold now; their earlier versions are not meant to be found."""

    def rows(self) -> list[Page]:
        return [
            Page(
                path=path_of("content:page", slug=version.page.slug), changed_at=version.valid_from
            )
            for version in _present()
        ]


def _present():
    """The version of each public page that holds now."""
    rows = PageVersion.objects.begun().filter(page__is_public=True).select_related("page")
    return (
        rows.defer("body", "body_html")
        .order_by("page_id", "-valid_from", "-number")
        .distinct("page_id")
    )


def _cover(article: Article) -> tuple[Image, ...]:
    if not article.cover:
        return ()
    url = absolute(iri_to_uri(default_storage.url(article.cover.name)))
    return (Image(url, article.title),)


def _article_urls(keys: Collection[int]) -> dict[int, str]:
    rows = Article.objects.shown().filter(pk__in=keys).values_list("pk", "slug")
    return {pk: path_of("content:guide", slug=slug) for pk, slug in rows}


def _page_urls(keys: Collection[int]) -> dict[int, str]:
    rows = _present().filter(page__in=keys)
    return {row.page_id: path_of("content:page", slug=row.page.slug) for row in rows}


def register() -> None:
    section_register("guides", GuideSection())
    section_register("texts", TextSection())
    thing_register(ARTICLE, _article_urls)
    thing_register(PAGE, _page_urls)
