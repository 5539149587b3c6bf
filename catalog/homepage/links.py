"""Where buttons of the home page and notices lead: into this shop, or to an address elsewhere."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, override

from catalog.seo.addresses import with_language

FORBIDDEN = set("\\\0\r\n\t <>\"'")


def link_problem(url: str) -> bool:
    """Whether ``url`` is neither a path of this shop nor an https address."""
    if FORBIDDEN & set(url):
        return True
    if url.startswith("/"):
        return url.startswith("//")
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.scheme != "https" or not parts.hostname or "@" in parts.netloc


def link_shown(url: str) -> str:
    """As a reader of the present language follows it: paths of the shop get its prefix."""
    return _shown(url, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=2000)
def _shown(url: str, language: str) -> str:
    there = with_language(url, language)
    if not url.startswith("/") or there == url:
        return url
    with override(language):
        try:
            resolve(there.partition("?")[0].partition("#")[0])
        except Resolver404:
            return url
    return there
