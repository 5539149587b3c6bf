"""The answer to an old address."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.cache import patch_cache_control

from catalog.moved.paths import address_made, path_is_closed, path_kept, path_split
from catalog.moved.selectors import target_of

HOUR = 3600  # seconds that a browser may remember it: a mended redirect is followed soon
READING = ("GET", "HEAD")


def is_lost(request: HttpRequest) -> str:
    """The address as it is kept, if it may have moved or be counted; else ""."""
    path = path_kept(request.path) if request.method in READING else ""
    return "" if path_is_closed(path) else path


def led_on(request: HttpRequest) -> HttpResponse | None:
    """To the new place of what was not found: same language, same query, one step. Asked once."""
    path = is_lost(request)
    if not path or getattr(request, "was_led", False):
        return None
    request.was_led = True  # type: ignore[attr-defined]
    target = target_of(path)
    if not target:
        return None
    prefix, _rest = path_split(request.path)
    answer = HttpResponsePermanentRedirect(
        address_made(prefix, target, request.META["QUERY_STRING"])
    )
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer
