"""What pages call to have a search, a click or a basket noted. Nothing waits for it.

The facts go to a worker through `send_quietly`; without a broker they are lost, and that is fine.
"""

import time
from urllib.parse import parse_qs, urlsplit

from celery import Task
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language

from catalog.search.matches import Matches
from catalog.searchlog import tasks
from catalog.searchlog.models import TYPED_LENGTH
from catalog.searchlog.pages import result_pages
from catalog.searchlog.services import VISIT
from catalog.searchlog.visitors import LOGGED, is_person, visitor_key
from shop.core.tasks import send_quietly


def milliseconds_since(started: float) -> int:
    """From a moment of ``time.monotonic()`` until now."""
    return round((time.monotonic() - started) * 1000)


def search_facts(
    matches: Matches, total: int, *, typed: str, started: float
) -> tuple[str, str, str, str, int, int]:
    """What `search_log` notes of a search that found ``total`` products since ``started``."""
    return (
        typed[:TYPED_LENGTH],
        matches.query,
        matches.understood,
        get_language() or settings.LANGUAGE_CODE,
        total or int(bool(matches.redirect)),  # a page that an operator chose is a find
        milliseconds_since(started),
    )


def search_log(
    request: HttpRequest,
    response: HttpResponseBase | None,
    typed: str,
    query: str,
    understood: str,
    language: str,
    results: int,
    took_ms: int,
) -> None:
    """Note that ``request`` was answered, by a kept page too. First pages only."""
    is_first = request.GET.get("page", "1") in ("", "1")
    if is_first and query:
        facts = {
            "typed": typed or query,
            "understood": understood,
            "language": language,
            "results": results,
            "took_ms": took_ms,
        }
        _send(request, tasks.search_save, facts)


def search_click_log(
    request: HttpRequest, response: HttpResponseBase | None, family_id: int
) -> None:
    """Note that a product page was opened, if it was from the results of a search."""
    typed = searched_before(request)
    if typed:
        cache.set(_led(request), True, VISIT.total_seconds())
        _send(request, tasks.click_save, {"typed": typed, "family_id": family_id})


def search_cart_log(request: HttpRequest, family_id: int) -> None:
    """Note that a product went into the basket, if this visitor came to any from a search: most did not,
    and a task costs more than it does. The worker knows whether to this one."""
    if cache.get(_led(request)):
        _send(request, tasks.cart_save, {"family_id": family_id})


def _led(request: HttpRequest) -> str:
    return f"searchlog.led.{visitor_key(request)}"


def searched_before(request: HttpRequest) -> str:
    """What was searched for on the page that led here; empty if that was no page of results."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
        words = parse_qs(came_from.query, max_num_fields=50).get("q", [""])[0]
    except ValueError:  # no address at all, or somebody's joke
        return ""
    is_ours = came_from.netloc == request.get_host() and came_from.path in result_pages()
    return words[:TYPED_LENGTH] if is_ours else ""


def _send(request: HttpRequest, task: Task, facts: dict) -> None:
    """Robots are left out, and a visitor who searches without end is not counted without end."""
    if not is_person(request):
        return
    visitor = visitor_key(request)
    if LOGGED.allows(visitor):
        send_quietly(task, facts | {"visitor": visitor}, timezone.now().isoformat())
