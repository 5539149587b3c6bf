"""The search page: what the engine found, as a list like any other."""

import time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View

from catalog.listing.filters import Filters, is_from_form
from catalog.listing.scopes import scope_search
from catalog.listing.selectors import listing_read
from catalog.listing.views import is_partial, listing_answer
from catalog.search.matches import Matches
from catalog.search.selectors import search_matches
from catalog.searchlog.log import search_facts
from catalog.seo.models import PageKind
from shop.core.pagecache import Kept, visit


class SearchView(View):
    """``?q=`` with the filters of any list; ``exact=1`` takes the words as they are."""

    template_name = "oscar/search/results.html"
    http_method_names = ["get", "head"]
    kept = Kept(query=("q",))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        started = time.monotonic()
        filters, typed = Filters.parse(request.GET), request.GET.get("q", "")
        if is_from_form(request.GET) and not is_partial(request):
            return redirect(request.path + filters.query_string)
        matches = search_matches(query=filters.query, mend=not filters.exact)
        if leads_away(request, matches) and not filters.narrows:
            visit(request, "search", *search_facts(matches, 0, typed=typed, started=started))
            return redirect(matches.redirect)
        listing = listing_read(scope=scope_search(matches), filters=filters)
        if not filters.narrows:  # what was found, not what is left of it
            facts = search_facts(matches, listing.total, typed=typed, started=started)
            visit(request, "search", *facts)
        return listing_answer(
            request,
            listing,
            template=self.template_name,
            words=partial(_words, filters.query),
            kind=PageKind.SEARCH,
            context={"matches": matches, "query": filters.query},
        )


def _words(query: str) -> dict[str, Any]:
    """Nothing of it is for search engines; the title is for the window."""
    name = _("Search: %(query)s") % {"query": query} if query else _("Search")
    return {"title": name, "is_found": False}


def leads_away(request: HttpRequest, matches: Matches) -> bool:
    """An operator's redirect counts when it stays in this shop."""
    return bool(matches.redirect) and url_has_allowed_host_and_scheme(
        matches.redirect, allowed_hosts={request.get_host()}, require_https=False
    )
