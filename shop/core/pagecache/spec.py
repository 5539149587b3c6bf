"""Which addresses are kept, and under which name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.module_loading import import_string

QUERY_AT_MOST = 300  # characters; longer ones are nobody's hot page
COOKIE_AT_MOST = 20
# Where a visitor came from: the page does not depend on it.
IGNORED = ("utm_", "gclid", "fbclid", "msclkid", "yclid", "mc_cid", "mc_eid", "_ga")


@dataclass(frozen=True)
class Kept:
    """Said by a view as its attribute ``kept``: its pages may be kept whole.

    ``query``: the parameters that a kept page may have; with any other it is rendered for each
    request. ``cookies``: those that everybody's page differs by, with few values.
    """

    query: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """A page that may be kept, as one visitor asked for it."""

    kept: Kept
    host: str
    is_secure: bool
    path: str
    query: str  # in one order, without what is ignored
    cookies: tuple[tuple[str, str], ...]
    language: str

    def key(self, segment: str) -> str:
        """Name in the cache. ``segment``: of shoppers who see the same prices; "" for strangers."""
        return _key(self, segment)


def address_of(request: HttpRequest) -> Address | None:
    """Where the request leads, if that page may be kept. Raises ``DisallowedHost``."""
    if request.path_info.startswith(never_kept()):
        return None
    language, kept = _spec(request.path_info)
    if kept is None:
        return None
    cookies = tuple(
        (name, request.COOKIES[name]) for name in kept.cookies if name in request.COOKIES
    )
    if any(len(value) > COOKIE_AT_MOST or not value.isalnum() for _name, value in cookies):
        return None
    if request.COOKIES:
        cookies += market()(request)
    return _address(
        kept,
        request.get_host(),
        request.is_secure(),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        cookies,
        language,
    )


@lru_cache(maxsize=1)
def never_kept() -> tuple[str, ...]:
    """Beginnings of addresses of which none is kept (`settings.PAGE_CACHE_NEVER`), in each language.

    Each order has addresses of its own there; to look all of them up would take as long as some pages.
    """
    languages = ["", *(f"/{code}" for code, _name in settings.LANGUAGES)]
    return tuple(f"{one}/{first}/" for one in languages for first in settings.PAGE_CACHE_NEVER)


@lru_cache(maxsize=1)
def market() -> Callable[[HttpRequest], tuple[tuple[str, str], ...]]:
    """Cookies of few values that every kept page differs by (`settings.PAGE_CACHE_MARKET`)."""
    return import_string(settings.PAGE_CACHE_MARKET)


@lru_cache(maxsize=8192)
def _address(
    kept: Kept,
    host: str,
    is_secure: bool,
    path: str,
    text: str,
    cookies: tuple[tuple[str, str], ...],
    language: str,
) -> Address | None:
    query = _query(text, kept)
    return None if query is None else Address(kept, host, is_secure, path, query, cookies, language)


@lru_cache(maxsize=8192)
def _key(address: Address, segment: str) -> str:
    return sha256(f"{address!r}\n{segment}".encode()).hexdigest()[:40]


@lru_cache(maxsize=8192)
def _spec(path: str) -> tuple[str, Kept | None]:
    """Language of the address and what its view says of itself."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    if "\0" in path:
        return language, None
    with translation.override(language):
        try:
            view = resolve(path).func
        except Resolver404:
            return language, None
    told = [getattr(one, "kept", None) for one in (view, getattr(view, "view_class", None))]
    return language, next((one for one in told if isinstance(one, Kept)), None)


def _query(text: str, kept: Kept) -> str | None:
    """The query in one order; None when the page is not kept with it."""
    if not text:
        return ""
    if len(text) > QUERY_AT_MOST or "%00" in text:
        return None
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    pairs = sorted(pair for pair in pairs if not pair[0].startswith(IGNORED))
    names = [name for name, _value in pairs]
    if len(set(names)) < len(names) or not set(names) <= set(kept.query):
        return None
    return urlencode(pairs)
