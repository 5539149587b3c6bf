"""What robots are told: where the sitemap is, and which addresses are not worth their time."""

from django.conf import settings

from catalog.feeds.addresses import CODES, FIRST
from catalog.listing.facets import words
from catalog.listing.filters import OWN
from catalog.moved.paths import CLOSED

#: Places of one person or of the work here, and answers that are a part of a page.
PLACES = (
    *(place for place in CLOSED if place not in ("/static/", "/media/")),
    "/compare/",
    "/recently-viewed/",
    "/search/suggest/",
    "/catalogue/price/",
)


def robots_text() -> str:
    """Filters and orders make endless addresses of the same products, so they are left out."""
    if not settings.INDEXING:
        return "User-agent: *\nDisallow: /\n"
    prefixes = ["", *(f"/{code}" for code in CODES if code != FIRST)]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{place}" for prefix in prefixes for place in PLACES]
    lines += [
        f"Disallow: /*{mark}{key}=" for key in (*OWN, *sorted(words().facets)) for mark in "?&"
    ]
    return "\n".join([*lines, "", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""])
