"""Making a page as a stranger sees it, whoever asked for it."""

import secrets
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from shop.core.pagecache.drops import SITE
from shop.core.pagecache.gather import Gathered, gathered
from shop.core.pagecache.page import Page, parts_make
from shop.core.pagecache.spec import Address

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_HELD = frozenset(
    {
        "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "REMOTE_ADDR", "HTTP_HOST",
        "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "wsgi.url_scheme", "wsgi.version",
        "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once", "wsgi.errors",
    }
)  # fmt: skip
_OWN_HEADERS = frozenset(
    {"set-cookie", "vary", "etag", "cache-control", "content-length", "expires", "last-modified"}
)  # of each answer


def stranger(meta: Mapping[str, Any], address: Address) -> WSGIRequest:
    """The request of somebody who comes for the first time and tells nothing about himself.

    ``meta``: of the visitor who asked; from it comes where the shop stands.
    """
    environ = {name: value for name, value in meta.items() if name in _HELD}
    environ |= {
        "REQUEST_METHOD": "GET",
        # WSGI carries bytes as Latin-1
        "PATH_INFO": address.path.encode().decode("latin-1"),
        "QUERY_STRING": address.query,
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in address.cookies),
        "wsgi.input": BytesIO(),
    }
    return WSGIRequest(environ)


def page_make(
    get_response: GetResponse,
    meta: Mapping[str, Any],
    address: Address,
    *,
    seq: int,
    user_id: int | None = None,
) -> Page | HttpResponseBase:
    """The page, or an answer that cannot be kept. ``user_id``: prices as this member has them.

    ``seq`` must have been read before: what is written from now on drops the page.
    """
    found = Gathered(mark=f"<!--{secrets.token_hex(12)}-->", user_id=user_id, tags={SITE})
    token = gathered.set(found)
    made = time.time()
    try:
        answer = get_response(stranger(meta, address))
    finally:
        gathered.reset(token)
    if not (isinstance(answer, HttpResponse) and _may_be_kept(answer)):
        return answer
    return Page(
        version=secrets.token_hex(6),
        seq=seq,
        made=made,
        until=found.until,
        language=address.language,
        tags=tuple(sorted(found.tags)),
        visits=tuple(found.visits),
        headers=tuple(
            (name, value) for name, value in answer.items() if name.lower() not in _OWN_HEADERS
        ),
        parts=parts_make(answer.content, found),
        holes=frozenset(name for name, _args in found.holes),
    )


def _may_be_kept(answer: HttpResponse) -> bool:
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    is_open = "no-store" not in answer.headers.get("Cache-Control", "")
    cookies = set(answer.cookies) - {
        "csrftoken"
    }  # its place in the page is filled for each visitor
    return answer.status_code == 200 and is_html and is_open and not cookies
