"""Answers that are the same for everybody, with what caches need to know about them."""

import datetime as dt
from collections.abc import Iterable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date

XML = "application/xml; charset=utf-8"


def tag_of(*facts: object) -> str:
    """A weak tag: the same facts make the same file, compressed or not."""
    said = "\n".join(str(fact) for fact in facts)
    return f'W/"{sha256(said.encode()).hexdigest()[:24]}"'


def shared(
    request: HttpRequest,
    content: str | bytes | Iterable[str] | Iterable[bytes],
    *,
    content_type: str,
    seconds: int,
    tag: str = "",
    changed_at: dt.datetime | None = None,
) -> HttpResponseBase:
    """The answer, or 304 for who has it. ``seconds``: how long anybody may keep it without asking.

    ``content`` that is neither text nor bytes is streamed. The tag of a text is made from it.
    """
    is_whole = isinstance(content, str | bytes)
    if is_whole and not tag:
        tag = tag_of(content)
    last = int(changed_at.timestamp()) if changed_at else None
    answer = get_conditional_response(request, etag=tag or None, last_modified=last)
    if answer is None:
        made = HttpResponse if is_whole else StreamingHttpResponse
        answer = made(content, content_type=content_type)
    if tag:
        answer["ETag"] = tag
    if last is not None:
        answer["Last-Modified"] = http_date(last)
    patch_cache_control(answer, public=True, max_age=seconds)
    patch_vary_headers(answer, ("Accept-Encoding",))
    # The middleware asks who this is; the answer does not depend on it, so `Vary: Cookie` would
    # only keep others from sharing it.
    request.session.accessed = False
    return answer
