"""What is there for robots and merchants: sitemaps, robots.txt, feeds."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from catalog.feeds.addresses import CODES
from catalog.feeds.answers import XML, shared, tag_of
from catalog.feeds.robots import robots_text
from catalog.feeds.selectors import feed_file
from catalog.feeds.sitemap_xml import index_xml, pages_xml
from catalog.feeds.sitemaps import parts_all, section_named
from catalog.feeds.storage import feed_chunks

SECONDS = 600


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    return shared(request, robots_text(), content_type="text/plain; charset=utf-8", seconds=SECONDS)


@require_safe
@gzip_page
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """Every part of every section, in each language."""
    entries = [
        (reverse("sitemap", kwargs={"kind": kind, "language": code, "number": number}), part)
        for kind, parts in parts_all().items()
        for code in CODES
        for number, part in parts.items()
    ]
    dates = [part.changed_at for _path, part in entries if part.changed_at]
    return shared(
        request,
        index_xml(entries),
        content_type=XML,
        seconds=SECONDS,
        changed_at=max(dates, default=None),
    )


@require_safe
@gzip_page
def sitemap(request: HttpRequest, kind: str, language: str, number: str) -> HttpResponseBase:
    """One part, written while it is read. 404 for a part without pages."""
    section = section_named(kind)
    part = parts_all().get(kind, {}).get(int(number))
    if section is None or part is None:
        raise Http404
    return shared(
        request,
        pages_xml(section.pages(int(number), language=language), language=language),
        content_type=XML,
        seconds=SECONDS,
        tag=tag_of(kind, language, number, part.tag, settings.PUBLIC_URL),
        changed_at=part.changed_at,
    )


@require_safe
@gzip_page
def merchant_feed(request: HttpRequest, language: str) -> HttpResponseBase:
    """The feed as it was made last. 403 without the token where there is one, 404 before the first."""
    token = settings.FEED_TOKEN
    if token and not constant_time_compare(request.GET.get("token", ""), token):
        raise PermissionDenied
    file = feed_file(language=language)
    if file is None:
        raise Http404
    return shared(
        request,
        feed_chunks(file.name),
        content_type=XML,
        seconds=SECONDS,
        tag=f'W/"{file.digest}"',
        changed_at=file.made_at,
    )
