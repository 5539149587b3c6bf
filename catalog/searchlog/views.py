"""Suggestions for the search box."""

from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog.searchlog.pages import results_url
from catalog.searchlog.suggest import hints_make
from catalog.searchlog.text import query_normalised
from catalog.searchlog.visitors import SUGGESTED
from shop.core.throttle import client_address

SECONDS = 60
LENGTH_AT_MOST = 60  # characters; nobody who types more needs to be told how it goes on


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the search box for ``?q=``. The same for everybody, so anybody may keep it."""
    query = query_normalised(request.GET.get("q", "")[: LENGTH_AT_MOST * 2])
    language = get_language() or settings.LANGUAGE_CODE
    key = f"searchlog.hints.{language}.{sha256(query.encode()).hexdigest()[:32]}"
    html = cache.get(key) if len(query) <= LENGTH_AT_MOST else ""
    if html is None:
        if not SUGGESTED.allows(client_address(request)):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        html = _rendered(query, language)
        cache.set(key, html, SECONDS)
    response = HttpResponse(html)
    patch_cache_control(response, public=True, max_age=SECONDS)
    patch_vary_headers(response, ("Accept-Language",))
    response["X-Robots-Tag"] = "noindex"
    # The middleware of baskets asks who this is; the list does not depend on it, so `Vary: Cookie`
    # would only keep others from sharing it.
    request.session.accessed = False
    return response


def _rendered(query: str, language: str) -> str:
    groups = hints_make(query=query, language=language)
    context = {
        "query": query,
        "groups": groups,
        "number": sum(len(group.hints) for group in groups) + bool(query),
        "everything_url": results_url(query) if query else "",
    }
    return render_to_string("search/_hints.html", context)
