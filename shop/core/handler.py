"""Django's handler of requests, which remembers whose page an address is."""

from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, QueryDict
from django.urls import ResolverMatch, get_resolver, get_script_prefix
from django.utils.translation import get_language

from shop.core.addresses import MARK, address_of, address_with

ADDRESSES = 2_000  # of the ones that were asked for last


class ShopRequest(WSGIRequest):
    """Lets go of all that hangs on it once it has been answered.

    The basket, its prices and the visitor know the request and the request knows them: hundreds of objects that would wait for
    the collector of circular garbage, which stops everything for longer than the answer took.
    """

    def close(self) -> None:
        super().close()
        self.__dict__.clear()
        self.method = None  # so that it can still be named in a log


class ShopHandler(WSGIHandler):
    """Each address is tried with all patterns of the shop once, not for each request."""

    request_class = ShopRequest

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


def request_moved(request: HttpRequest, name: str, text: str = "") -> None:
    """From here on it counts as one for the page of this URL name, which takes one ``text`` or nothing, without a
    query: what a page and its headers say of their own address is then that. In the reader's language.
    """
    language = get_language()
    root = get_script_prefix()
    request.path = address_with(name, text) if text else address_of(name)
    request.path_info = f"/{request.path.removeprefix(root)}"
    known = address_with(name, MARK) if text else request.path
    like = _resolved(f"/{known.removeprefix(root)}", language)
    request.resolver_match = ResolverMatch(
        func=like.func,
        args=(),
        kwargs=dict.fromkeys(like.kwargs, text),
        url_name=like.url_name,
        app_names=[*like.app_names],
        namespaces=[*like.namespaces],
        route=like.route,
    )
    request.META = {**request.META, "QUERY_STRING": ""}
    request.GET = QueryDict("")
    request.LANGUAGE_CODE = language
