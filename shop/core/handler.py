"""Django's handler of requests, which remembers whose page an address is."""

from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver
from django.utils.translation import get_language

ADDRESSES = 2_000  # of the ones that were asked for last


class ShopHandler(WSGIHandler):
    """Each address is tried with all patterns of the shop once, not for each request."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """As Django's. Raises ``Resolver404``, which is found out each time."""
        if hasattr(request, "urlconf"):
            match: ResolverMatch = super().resolve_request(request)
            return match
        match = request.resolver_match = _resolved(request.path_info, get_language())
        return match


@lru_cache(maxsize=ADDRESSES)
def _resolved(path: str, language: str | None) -> ResolverMatch:
    """``language``: addresses of other languages than that of the request are none."""
    return get_resolver().resolve(path)
