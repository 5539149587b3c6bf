"""Paths as they are kept: without host, language, query and fragment, with a slash at the end."""

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from catalog.moved.models import PATH_LENGTH
from shop.core.middleware import PRIVATE

FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]|\.\.(?:/|$)|^//")
#: Pages about people and work, and addresses that carry a secret: never kept, never led away from.
CLOSED = (
    *PRIVATE,
    "/payments/",
    "/downloads/",
    "/gift-cards/",
    "/i18n/",
    "/theme/",
    "/static/",
    "/media/",
)
PREFIXES = tuple(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


def path_split(path: str) -> tuple[str, str]:
    """The language before ``path`` ("" for the first one) and the rest, which begins with a slash."""
    for prefix in PREFIXES:
        if path == prefix or path.startswith(f"{prefix}/"):
            return prefix, path[len(prefix) :] or "/"
    return "", path


def path_kept(path: str) -> str:
    """What stands for ``path`` in the tables; "" for what can be nobody's address."""
    _prefix, rest = path_split(path)
    is_file = "." in rest.rpartition("/")[2]
    rest = rest if rest.endswith("/") or is_file else f"{rest}/"
    is_ours = rest.startswith("/") and not FORBIDDEN.search(rest) and rest.isprintable()
    return rest if is_ours and len(rest) <= PATH_LENGTH else ""


def path_is_closed(path: str) -> bool:
    """Whether nothing is kept of ``path``, which has no language before it."""
    return path.startswith(CLOSED)


def path_typed(text: str) -> str:
    """The path that somebody copied: from the browser, with or without this shop's host.

    "" when it is no address of this shop.
    """
    text = text.strip()
    if text.startswith(f"{settings.PUBLIC_URL}/"):
        text = text.removeprefix(settings.PUBLIC_URL)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not text.startswith("/"):
        return ""
    return path_kept(unquote(parts.path))


def target_typed(text: str) -> str:
    """The same for where a redirect leads: a query may follow the path."""
    path = path_typed(text)
    query = urlsplit(text.strip()).query if path else ""
    target = f"{path}?{query}" if query else path
    return target if len(target) <= PATH_LENGTH and not FORBIDDEN.search(target) else ""


def is_page(path: str) -> bool:
    """Whether the shop can answer at ``path`` (without language), as far as its form tells."""
    if path_is_closed(path):
        return False
    with override(settings.LANGUAGE_CODE):
        try:
            resolve(path.partition("?")[0])
        except Resolver404:
            return False
    return True


def address_made(prefix: str, target: str, query: str) -> str:
    """Where to send the reader: in the same language, with what was asked for."""
    there = iri_to_uri(prefix + target)
    if not query:
        return there
    return f"{there}{'&' if '?' in there else '?'}{iri_to_uri(query)}"
