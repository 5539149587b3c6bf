"""What is learnt of a page while it is rendered to be kept."""

import datetime as dt
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponseBase

Visit = Callable[..., None]  # (request, response, *args)


@dataclass
class Gathered:
    """``until``: the first moment (seconds since 1970) at which the page would say another thing."""

    mark: str  # around holes, unlike anything in the page
    user_id: int | None = None  # whose prices: one of the segment for which the page is made
    tags: set[str] = field(default_factory=set)
    until: float | None = None
    visits: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    holes: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)


gathered: ContextVar[Gathered | None] = ContextVar("pagecache_gathered", default=None)
_visits: dict[str, Visit] = {}


def is_keeping() -> bool:
    """Whether a page is being rendered to be kept: what processes remember must be read anew."""
    return gathered.get() is not None


def depends(*tags: str) -> None:
    """The page that is being rendered is made of these, and dropped with any of them."""
    found = gathered.get()
    if found is not None:
        found.tags.update(tags)


def family_tags(ids: Iterable[int]) -> list[str]:
    """Of products: a parent with its variants, or a product without any."""
    return [f"family:{pk}" for pk in ids]


def until(*moments: dt.datetime | None) -> None:
    """The page says something else from the first of these moments on. The past counts for nothing."""
    found = gathered.get()
    if found is None:
        return
    now = dt.datetime.now(dt.UTC)
    coming = [moment.timestamp() for moment in moments if moment is not None and moment > now]
    if coming:
        found.until = min(coming if found.until is None else [found.until, *coming])


def visits_register(name: str, call: Visit) -> None:
    """``call(request, response, *args)`` is what a visit to a page leaves behind, kept or not."""
    _visits[name] = call


def visit(request: HttpRequest, name: str, *args: Any) -> None:
    """Said by a view: whoever sees this page makes the visit ``name``."""
    found = gathered.get()
    if found is not None:
        found.visits.append((name, args))
    else:
        request.visits = [*getattr(request, "visits", []), (name, args)]  # type: ignore[attr-defined]


def visits_make(
    request: HttpRequest,
    response: HttpResponseBase,
    visits: Iterable[tuple[str, tuple[Any, ...]]],
) -> None:
    for name, args in visits:
        _visits[name](request, response, *args)
