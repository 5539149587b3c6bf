"""Where buttons of the home page and notices lead: into this shop, or to an address elsewhere."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, override

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
    if not url.startswith("/") or language == settings.LANGUAGE_CODE:
        return url
    path = f"/{language}{url.partition('?')[0].partition('#')[0]}"
    with override(language):
        try:
            resolve(path)
        except Resolver404:
            return url
    return f"/{language}{url}"
