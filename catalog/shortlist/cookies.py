"""Short lists of families that a browser carries in a cookie. Nothing is stored about anybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ID_DIGITS = 18  # what surely fits a bigint
SEPARATOR = "-"
HALF_YEAR = 182 * 24 * 3600  # seconds


@dataclass(frozen=True)
class IdCookie:
    """A cookie such as ``12-7-301``: ids in order, at most ``limit`` of them."""

    name: str
    limit: int

    def read(self, request: HttpRequest) -> list[int]:
        return ids_parse(request.COOKIES.get(self.name, ""), limit=self.limit)

    def write(self, response: HttpResponseBase, ids: Sequence[int]) -> None:
        """Keep ``ids``; without any the cookie goes."""
        if not ids:
            response.delete_cookie(self.name, samesite="Lax")
            return
        response.set_cookie(
            self.name,
            SEPARATOR.join(map(str, ids[: self.limit])),
            max_age=HALF_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


RECENT = IdCookie("recent", limit=12)
COMPARED = IdCookie("compare", limit=4)


def ids_parse(text: str, *, limit: int) -> list[int]:
    """The ids in ``text``, each once; what is not an id is passed over."""
    parts = text[: (ID_DIGITS + 1) * limit * 2].replace(",", SEPARATOR).split(SEPARATOR)
    return unique(
        int(part)
        for part in parts
        if part.isascii() and part.isdecimal() and len(part) <= ID_DIGITS
    )[:limit]


def unique(ids: Iterable[int]) -> list[int]:
    """Positive ids in their order, each once."""
    return [pk for pk in dict.fromkeys(ids) if pk > 0]


def recent_remember(
    request: HttpRequest, response: HttpResponseBase, family_id: int
) -> HttpResponseBase:
    """Put the family that this page shows first among the recently viewed."""
    before = RECENT.read(request)
    if before[:1] != [family_id]:
        RECENT.write(response, unique([family_id, *before]))
    return response
