"""Which notices this browser closed. Nothing is stored about anybody."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

CLOSED = "notice"
MARK = re.compile(r"[1-9]\d{0,17}\.[1-9]\d{0,9}", re.ASCII)
MARKS_AT_MOST = 8
HALF_YEAR = 182 * 24 * 3600  # seconds


def closed_marks(request: HttpRequest | None) -> list[str]:
    """See `catalog.homepage.models.Notice.mark`; what is none is passed over."""
    text = request.COOKIES.get(CLOSED, "")[:400] if request is not None else ""
    return [one for one in text.split("-") if MARK.fullmatch(one)][:MARKS_AT_MOST]


def closed_remember(request: HttpRequest, response: HttpResponseBase, mark: str) -> None:
    marks = dict.fromkeys([mark, *closed_marks(request)])
    response.set_cookie(
        CLOSED,
        "-".join(list(marks)[:MARKS_AT_MOST]),
        max_age=HALF_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
