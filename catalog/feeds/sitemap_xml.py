"""Sitemaps as text, streamed. Ten thousand pages are some megabytes, so no template draws them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from catalog.feeds.addresses import CODES, FIRST, hreflang, in_language
from catalog.feeds.sitemaps import Page, Part

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
SET = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
LINES_AT_ONCE = 200  # that are sent together


def index_xml(entries: Iterable[tuple[str, Part]]) -> str:
    """``entries``: path of a sitemap and what is in it."""
    lines = [
        f"<sitemap><loc>{escape(in_language(path, FIRST))}</loc>{_changed(part.changed_at)}</sitemap>\n"
        for path, part in entries
    ]
    return f"{HEAD}{INDEX}{''.join(lines)}</sitemapindex>\n"


def pages_xml(pages: Iterable[Page], *, language: str) -> Iterator[str]:
    """One ``url`` for each page that can be read in ``language``, with its pairs in the others."""
    yield HEAD + SET
    lines: list[str] = []
    for page in pages:
        if language in page.languages:
            lines.append(_page(page, language))
        if len(lines) == LINES_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join([*lines, "</urlset>\n"])


def _page(page: Page, language: str) -> str:
    images = "".join(
        f"<image:image><image:loc>{escape(image.url)}</image:loc>"
        f"<image:title>{_text(image.title)}</image:title></image:image>"
        for image in page.images
    )
    here = escape(in_language(page.path, language))
    return f"<url><loc>{here}</loc>{_changed(page.changed_at)}{_pairs(page)}{images}</url>\n"


def _pairs(page: Page) -> str:
    """Every language names itself and the others; whoever speaks none of them gets the first."""
    pairs = [(hreflang(code), code) for code in CODES if code in page.languages]
    if len(pairs) == 1:
        return ""
    if FIRST in page.languages:
        pairs.append(("x-default", FIRST))
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{escape(in_language(page.path, code))}"/>'
        for name, code in pairs
    )


def _changed(at: dt.datetime | None) -> str:
    return f"<lastmod>{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S+00:00}</lastmod>" if at else ""


def _text(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return escape("".join(sign for sign in text if sign >= " "))
