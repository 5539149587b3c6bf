"""What the pages of guides show, put together from texts and the catalogue."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.cards import CardFacts, cards_make
from catalog.content.markup import Heading, contents_of, goods_in, segments
from catalog.content.models import Article, PageVersion
from catalog.content.selectors import articles_related, articles_shown, kept
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.selectors import products_by_id

FRONT = 3  # guides on the home page


@dataclass(frozen=True)
class Stretch:
    """Text, and the cards of the products that stand after it."""

    html: SafeString
    cards: list[CardFacts]


@dataclass(frozen=True)
class GuideCard:
    """A guide in a list."""

    title: str
    summary: str
    url: str
    topic: str
    minutes: int
    picture: PictureSources | None


@dataclass(frozen=True)
class ArticlePage:
    """``goods`` are those beside the text, without what the text itself shows."""

    article: Article
    cover: PictureSources | None
    stretches: list[Stretch]
    contents: list[Heading]
    goods: list[CardFacts]
    related: list[GuideCard]


def article_page(article: Article) -> ArticlePage:
    """Everything on the page of a guide that `article_shown` found.

    The same queries for any number of products.
    """
    inside = goods_in(article.body_html)
    ids = [pk for pk in article.beside if pk not in inside]
    cards = cards_by_id([*inside, *ids])
    return ArticlePage(
        article=article,
        cover=picture_sources(article.cover.name or "", article.picture_facts),
        stretches=stretches_made(article.body_html, cards),
        contents=contents_of(article.body_html),
        goods=[cards[pk] for pk in ids if pk in cards],
        related=guide_cards(articles_related(article)),
    )


def text_stretches(html: str) -> list[Stretch]:
    """A text that stands alone, with the cards of what it shows."""
    return stretches_made(html, cards_by_id(goods_in(html)))


def version_stretches(version: PageVersion) -> list[Stretch]:
    return text_stretches(version.body_html)


def cards_by_id(ids: Iterable[int]) -> dict[int, CardFacts]:
    products = products_by_id(ids) if (ids := list(ids)) else {}
    return dict(zip(products, cards_make(products.values()), strict=True)) if products else {}


def stretches_made(html: str, cards: dict[int, CardFacts]) -> list[Stretch]:
    return [
        Stretch(one.html, [cards[pk] for pk in one.goods if pk in cards]) for one in segments(html)
    ]


def guide_cards(articles: Iterable[Article]) -> list[GuideCard]:
    return [
        GuideCard(
            title=article.title,
            summary=article.summary,
            url=article_url(article),
            topic=article.topic.name if article.topic else "",
            minutes=article.minutes,
            picture=picture_sources(article.cover.name or "", article.picture_facts),
        )
        for article in articles
    ]


def guides_front(*, moment: dt.datetime | None = None) -> list[GuideCard]:
    """The latest guides, for the home page. No query while they are kept; as of ``moment`` one."""
    if moment is not None:
        return guide_cards(articles_shown(moment=moment)[:FRONT])
    return kept("front", lambda: guide_cards(articles_shown()[:FRONT]))


def article_url(article: Article) -> str:
    return reverse("content:guide", kwargs={"slug": article.slug})
