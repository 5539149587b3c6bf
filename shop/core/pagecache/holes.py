"""Holes: the places of a kept page that differ between visitors.

A hole is a function that renders its content for a request. In a page that is not kept it simply
stands there. In a kept page it stands as a stranger sees it, and is rendered again for a visitor who
has one of its cookies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from shop.core.pagecache.gather import gathered

Fill = Callable[..., str]  # (request, *args) -> HTML


@dataclass(frozen=True)
class Hole:
    """``cookies``: without any of them the visitor sees what a stranger sees."""

    fill: Fill
    cookies: tuple[str, ...]
    is_packed: bool = False

    def differs_for(self, request: HttpRequest) -> bool:
        return any(name in request.COOKIES for name in self.cookies)


_holes: dict[str, Hole] = {}
_late: set[str] = set()


def hole_register(
    name: str,
    fill: Fill,
    *,
    cookies: tuple[str, ...] = (),
    late: tuple[str, ...] = (),
    is_members: bool = False,
    is_packed: bool = False,
) -> None:
    """``cookies``: what is there differs for visitors who have one.

    ``late``: the same, and to fill it takes what the middlewares bring, such as the basket.
    ``is_members``: it differs for people who are signed in or have a session.
    ``is_packed``: it is compressed for each visitor. For what is long, and holds no words that a stranger
    may choose beside a secret of the visitor (tokens of forms are cut out).
    """
    if is_members:
        late = (*late, settings.SESSION_COOKIE_NAME)
    _late.update(late)
    _holes[name] = Hole(fill, (*cookies, *late), is_packed)


def hole(name: str) -> Hole:
    return _holes[name]


def hole_shown(request: HttpRequest | None, name: str, *args: Any) -> SafeString:
    """What templates place; ``args`` are numbers and texts."""
    html = _holes[name].fill(request, *args)
    found = gathered.get()
    if found is None:
        return mark_safe(html)  # noqa: S308  rendered by a template
    found.holes.append((name, args))
    number = len(found.holes) - 1
    return mark_safe(f"{found.mark}{number}|{html}{found.mark}")  # noqa: S308


def late_cookies() -> frozenset[str]:
    """Cookies of visitors whose pages wait for session, user and basket."""
    return frozenset(_late)
