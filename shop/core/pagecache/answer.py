"""From a kept page to the answer for one visitor."""

import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import CSRF_SECRET_LENGTH, CsrfViewMiddleware
from django.utils import translation
from django.utils.module_loading import import_string

from shop.core.pagecache.gather import visits_make
from shop.core.pagecache.holes import hole
from shop.core.pagecache.page import (
    Body,
    HolePart,
    Page,
    Text,
    Token,
    body_make,
    filled_make,
)
from shop.core.pagecache.shelf import keys_of
from shop.core.tokens import masked

VARY = "Cookie, Accept-Encoding, HX-Request, HX-Target"
KEYS_AT_MOST = 4096  # characters of the surrogate keys
_csrf = CsrfViewMiddleware(lambda request: HttpResponse())


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """The page with its holes filled, or 304. Costs no SQL unless a hole does."""
    body, own = _filled(request, page)
    is_shared = settings.EDGE_SECONDS > 0 and not request.COOKIES
    if is_shared:
        token, tag = "", page.version
    else:
        token = _token(request)
        secret = request.META["CSRF_COOKIE"]
        tag = f"{page.version}-{_tag(secret, own)}"
    is_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    etag = f'W/"{tag}"'
    response: HttpResponse
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponseNotModified()
    else:
        sent = body.as_gzip if is_packed else body.as_plain
        response = HttpResponse(sent(token.encode()))
        response.headers["Content-Length"] = str(len(response.content))
        for name, value in page.headers:
            response.headers[name] = value
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = etag
    response.headers["Vary"] = VARY
    if is_shared:
        # A second at the edge, for as many as come: what is on the page is never more wrong.
        response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={settings.EDGE_SECONDS}"
        if keys := keys_of(page.tags, at_most=KEYS_AT_MOST):
            response.headers["Surrogate-Key"] = keys
    else:
        response.headers["Cache-Control"] = "private, no-cache"
        _csrf.process_response(request, response)
    visits_make(request, response, page.visits)
    if is_shared:
        response.cookies.clear()  # what others may keep is nobody's
    return response


@lru_cache(maxsize=1)
def around() -> Callable[[HttpRequest], AbstractContextManager[None]]:
    """Inside of it a hole is filled as the page was made: in this visitor's currency."""
    return import_string(settings.PAGE_CACHE_AROUND)


def _filled(request: HttpRequest, page: Page) -> tuple[Body, list[bytes]]:
    """What is sent, and by themselves the words of the holes that were filled for this visitor."""
    if not request.COOKIES:
        return page.body, []
    parts: list[Text | Token | bytes] = []
    own: list[bytes] = []
    for part in page.parts:
        if not isinstance(part, HolePart):
            parts.append(part)
        elif (one := hole(part.name)).differs_for(request):
            with translation.override(page.language), around()(request):
                html = one.fill(request, *part.args).encode()
            pieces = filled_make(html, is_packed=one.is_packed)
            own.extend(_texts(pieces))
            parts.extend(pieces)
        else:
            parts.extend(part.inner)
    return (body_make(parts), own) if own else (page.body, own)


def _texts(pieces: Iterable[Text | Token | bytes]) -> list[bytes]:
    """All but the tokens: ``_tag`` knows their secret, and each filling masks them anew."""
    plain = (piece.plain if isinstance(piece, Text) else piece for piece in pieces)
    return [text for text in plain if isinstance(text, bytes)]


def _tag(secret: str, own: list[bytes]) -> str:
    """What the answer differs by from other visitors'. The masks of tokens are no difference."""
    digest = sha256(secret.encode())
    for html in own:
        digest.update(html)
    return digest.hexdigest()[:16]


def _token(request: HttpRequest) -> str:
    """A masked token for the forms, of the visitor's own secret or of a new one."""
    if "CSRF_COOKIE" not in request.META:
        _csrf.process_request(request)
    if "CSRF_COOKIE" not in request.META:
        request.META["CSRF_COOKIE"] = secrets.token_hex(CSRF_SECRET_LENGTH // 2)
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return _masked(request.META["CSRF_COOKIE"])


@lru_cache(maxsize=4096)
def _masked(secret: str) -> str:
    """One mask per secret and process is enough: nothing compresses a token together with text."""
    return masked(secret)
