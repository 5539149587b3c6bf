"""Guides and pages about the shop. Reading only, and the same for every reader."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.content.heads import about_head, guide_head, guides_head
from catalog.content.markup import MARK, plain
from catalog.content.models import PageKind, PageVersion, Topic
from catalog.content.reading import article_page, guide_cards, version_stretches
from catalog.content.selectors import (
    Link,
    article_shown,
    articles_shown,
    faq_items,
    page_history,
    page_shown,
    page_version,
    topics_shown,
)
from catalog.share import channels
from shop.core.pagecache import SITE, Kept, drop

PAGE_SIZE = 12
MAX_NUMBER = 2**31 - 1


@require_safe
def guide_list(request: HttpRequest, topic: str = "") -> HttpResponse:
    """All guides, or those of one topic."""
    chosen = get_object_or_404(Topic, slug=topic) if topic else None
    page = Paginator(articles_shown(topic=chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    tabs = [
        {"name": _("All guides"), "url": reverse("content:guides"), "is_current": chosen is None},
        *(
            {
                "name": one.name,
                "url": reverse("content:topic", kwargs={"topic": one.slug}),
                "count": one.shown,
                "is_current": chosen == one,
            }
            for one in topics_shown()
        ),
    ]
    context = {
        "topic": chosen,
        "page_obj": page,
        "guides": guide_cards(page.object_list),
        "tabs": tabs,
        "trail": [Link(_("Guides"), reverse("content:guides"))] if chosen else [],
    }
    context["page_head"] = guides_head(request.path, context)
    return render(request, "content/guides.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    article = article_shown(slug)
    if article is None:
        raise Http404
    url = settings.PUBLIC_URL + request.path
    trail = [Link(_("Guides"), reverse("content:guides"))]
    if article.topic:
        there = reverse("content:topic", kwargs={"topic": article.topic.slug})
        trail.append(Link(article.topic.name, there))
    page = article_page(article)
    context = {
        "page": page,
        "page_head": guide_head(request.path, page, trail),
        "article": article,
        "trail": trail,
        "url": url,
        "channels": channels(article.title, url),
    }
    return render(request, "content/guide.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as it holds now. A legal one names its earlier versions."""
    version = page_shown(slug)
    if version is None:
        raise Http404
    is_legal = version.page.kind == PageKind.LEGAL
    history = page_history(version.page) if is_legal else []
    return _page(request, version, history)


@require_safe
def page_as_it_was(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version of a legal page, so that everybody can read what held when."""
    version = page_version(slug, min(number, MAX_NUMBER))
    if version is None or version.page.kind != PageKind.LEGAL:
        raise Http404
    history = page_history(version.page)
    later = [one for one in history if one.number != version.number]
    until = min(
        (one.valid_from for one in later if _follows(one, version)),
        default=None,
    )
    return _page(request, version, history, is_old=until is not None, until=until)


def _follows(other: PageVersion, version: PageVersion) -> bool:
    return (other.valid_from, other.number) > (version.valid_from, version.number)


def _page(
    request: HttpRequest, version: PageVersion, history: list[PageVersion], **more: object
) -> HttpResponse:
    page = version.page
    context = {
        "version": version,
        "page": page,
        "stretches": version_stretches(version),
        "description": plain(MARK.sub(" ", version.body_html)),
        "is_legal": page.kind == PageKind.LEGAL,
        "faq_items": faq_items(page) if page.kind == PageKind.QUESTIONS else [],
        "history": history,
        **more,
    }
    context["page_head"] = about_head(request.path, version, context)
    return render(request, "content/page.html", context)


def kept_pages_drop(tags: frozenset[str]) -> None:
    """The foot of every page names pages, the home page names guides: all are made anew."""
    drop(SITE)


guide_list.kept = Kept(query=("page",))
guide.kept = page.kept = page_as_it_was.kept = Kept()
