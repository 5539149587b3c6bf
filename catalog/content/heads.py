"""What guides and pages about the shop say of themselves to search engines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.content.models import FaqItem, PageVersion
from catalog.content.reading import ArticlePage
from catalog.content.selectors import Link
from catalog.seo.addresses import absolute
from catalog.seo.cards import ShareImage
from catalog.seo.graph import Node, breadcrumbs, item_list
from catalog.seo.head import Head, head_make, head_page
from catalog.seo.models import PageKind
from catalog.seo.product_graph import faq_page
from catalog.seo.words import plain


def guides_head(path: str, context: Mapping[str, Any]) -> Head:
    """``context``: what the list of guides shows."""
    topic, page = context["topic"], context["page_obj"]
    name = _("Guides")
    pages = [(guide.title, guide.url) for guide in context["guides"]]
    crumbs = breadcrumbs(context["trail"], name=topic.name if topic else name, path=path)
    return head_page(
        path,
        name=f"{topic.name} · {name}" if topic else name,
        about=_("How to choose, use and look after good things, told by people who use them."),
        page=page.number,
        is_found=bool(pages),
        nodes=(crumbs, item_list(pages, first=page.start_index())),
    )


def guide_head(path: str, page: ArticlePage, trail: Sequence[Link]) -> Head:
    article = page.article
    image = None
    if page.cover:
        large = page.cover.large or page.cover.src
        alt = article.cover_alt or article.title
        image = ShareImage(absolute(large), page.cover.width, page.cover.height, alt)
    nodes = (
        _article(page, path, image),
        breadcrumbs(trail, name=article.title, path=path),
    )
    return head_make(
        PageKind.ARTICLE,
        path=path,
        words={"name": article.title, "about": article.summary or article.title},
        og_type="article",
        image=image,
        nodes=nodes,
    )


def _article(page: ArticlePage, path: str, image: ShareImage | None) -> Node:
    article = page.article
    shop: Node = {"@type": "Organization", "name": str(settings.OSCAR_SHOP_NAME)}
    node: Node = {
        "@type": "Article",
        "headline": article.title,
        "url": absolute(path),
        "datePublished": article.published_at.isoformat(),
        "author": {"@type": "Person", "name": article.author} if article.author else shop,
        "publisher": shop,
    }
    return node | ({"image": image.url} if image else {})


def about_head(path: str, version: PageVersion, context: Mapping[str, Any]) -> Head:
    """A page about the shop; what no longer holds is not to be found."""
    is_old = bool(context.get("is_old"))
    name = version.title
    if is_old:
        name += " · " + _("version %(number)s") % {"number": version.number}
    questions: list[FaqItem] = context["faq_items"]
    asked = [(one.question, plain(one.answer_html)) for one in questions]
    # The address of the present version leads to the page itself.
    there = path if is_old else reverse("content:page", kwargs={"slug": version.page.slug})
    nodes = () if is_old else (breadcrumbs((), name=version.title, path=there), faq_page(asked))
    return head_page(
        there, name=name, about=context["description"], is_found=not is_old, nodes=nodes
    )
