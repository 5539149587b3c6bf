"""What people search for: popular, rising, in vain, slow; and what they did next."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from catalog.search.dashboard.forms import PERIODS, ReportForm
from catalog.search.dashboard.selectors import redirects_find, synonyms_find
from catalog.search.dashboard.tabs import desk_tabs
from catalog.searchlog import reports
from catalog.searchlog.pages import results_url
from catalog.searchlog.templatetags.searchlog_tags import percent
from catalog.searchlog.text import query_normalised
from shop.core.office import csv_response, may

PAGE_SIZE = 40
VIEWS = {
    "popular": _("Popular"),
    "rising": _("Rising"),
    "zero": _("Nothing found"),
    "slow": _("Slow"),
}
ENDS = {
    "basket": _("Put a product into the basket"),
    "opened": _("Opened a product"),
    "refined": _("Searched for something else"),
    "left": _("Left the search"),
}
HEAD = [
    "query",
    "language",
    "searches",
    "visitors",
    "found_nothing",
    "slow",
    "opened_a_product",
    "into_a_basket",
    "mean_ms",
    "slowest_ms",
]
COLUMNS = (
    "query", "language", "times", "people", "empty", "late", "opened", "bought", "took", "longest"
)  # fmt: skip


def report(request: HttpRequest) -> HttpResponse:
    view, form, criteria = _asked(request)
    context = {
        "form": form,
        "view": view,
        "keep": {"view": view},
        "days": criteria["days"],
        "figures": _figures(criteria["days"]),
        "views": _tabs(request, view),
        "query": request.GET.urlencode(),
        "tabs": desk_tabs(request.user, "search-report"),
        "may_add_synonym": may(request.user, "search-synonym-create"),
        "may_add_redirect": may(request.user, "search-redirect-create"),
    }
    if view == "rising":
        context["terms"] = reports.terms_rising(language=criteria["language"])
        context["categories"] = reports.categories_rising()
    else:
        page = Paginator(reports.terms_found(only=view, **criteria), PAGE_SIZE)
        context["page_obj"] = page.get_page(request.GET.get("page"))
    return render(request, f"search/report_{view}.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """The open view as CSV, all of its pages."""
    view, _form, criteria = _asked(request)
    name = f"search-{view}-{timezone.localdate():%Y-%m-%d}"
    if view == "rising":
        return csv_response(
            name=name,
            head=["query", "language", "this_week", "week_before_mean", "lift"],
            rows=(
                [
                    term.name,
                    term.language,
                    term.now,
                    f"{term.before:.2f}",
                    f"{term.lift:.2f}" if term.lift else "",
                ]
                for term in reports.terms_rising(language=criteria["language"])
            ),
        )
    terms = reports.terms_found(only=view, **criteria)
    return csv_response(name=name, head=HEAD, rows=_rows(terms.iterator(chunk_size=1000)))


def _rows(terms) -> Iterator[list]:
    for term in terms:
        yield [term[name] for name in COLUMNS]


def term(request: HttpRequest) -> HttpResponse:
    """One query: how often, what came of it, and what people did next."""
    query = query_normalised(request.GET.get("q", ""))
    if not query:
        return redirect("dashboard:search-report")
    language = request.GET.get("language", "")[:12]
    found = reports.term_read(query=query, language=language)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "term": found,
        "results_url": _results(query, language),
        "ends": [
            {
                "name": ENDS[name],
                "number": number,
                "share": percent(number, sum(found.ends.values())),
            }
            for name, number in found.ends.items()
        ],
        "bought_share": percent(found.sums["bought"], found.sums["times"]),
        "synonyms": synonyms_find(text=query)[:5]
        if may(request.user, "search-synonym-list")
        else [],
        "redirects": redirects_find(text=query)[:5]
        if may(request.user, "search-redirect-list")
        else [],
        "may_add_synonym": may(request.user, "search-synonym-create"),
        "may_add_redirect": may(request.user, "search-redirect-create"),
        "may_see_product": may(request.user, "catalogue-product"),
    }
    return render(request, "search/term.html", context)


def _results(query: str, language: str) -> str:
    """What the search shows for it, in the language in which it was searched for."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(known):
        return results_url(query)


def _asked(request: HttpRequest) -> tuple[str, ReportForm, dict]:
    asked = request.GET.get("view", "")
    data = request.GET.copy()
    data["days"] = data["days"] if data.get("days") in dict(PERIODS) else "28"
    form = ReportForm(data)
    return asked if asked in VIEWS else "popular", form, form.criteria()


def _tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    link = reverse("dashboard:search-report")
    kept = "".join(
        f"&{name}={request.GET[name]}"
        for name in ("days", "language")
        if request.GET.get(name, "").replace("-", "").isalnum()
    )
    return [
        {"name": name, "url": f"{link}?view={code}{kept}", "is_current": code == current}
        for code, name in VIEWS.items()
    ]


def _figures(days: int) -> list[dict[str, Any]]:
    """The time shown against the same time before it; each opens the terms behind it."""
    last = timezone.localdate()
    now = reports.searches_summed(days=days)
    before = reports.searches_summed(days=days, until=last - dt.timedelta(days=days))
    link = f"{reverse('dashboard:search-report')}?days={days}&view="
    wanted = [
        (_("Searches"), None, "times", "popular", False),
        (_("Found nothing"), "times", "empty", "zero", True),
        (_("Opened a product"), "times", "opened", "popular", False),
        (_("Slow"), "times", "late", "slow", True),
    ]
    return [
        {
            "name": name,
            "href": link + view,
            **_compared(now[key], now.get(of or ""), before[key], before.get(of or ""), is_bad),
        }
        for name, of, key, view, is_bad in wanted
    ]


def _compared(
    now: int, of_now: int | None, before: int, of_before: int | None, more_is_bad: bool
) -> dict[str, Any]:
    """A count, or with ``of_…`` a share in percent, and how it moved."""
    if of_now is None:
        value, was = float(now), float(before)
        change = f"{abs(value - was) / was:.0%}" if was else ""
        shown = f"{now:,}".replace(",", "\u202f")
    else:
        value, was = now * 100 / (of_now or 1), before * 100 / (of_before or 1)
        points = gettext("%(number).1f percentage points") % {"number": abs(value - was)}
        change = points if of_before else ""
        shown = f"{value:.1f}\u202f%"
    moved = round(value - was, 1)
    return {
        "value": shown,
        "change": change if moved else "",
        "way": "down" if moved < 0 else "up",
        "is_bad": (moved > 0) == more_is_bad,
        "against": gettext("against the same time before")
        if change
        else gettext("nothing to compare with yet"),
    }
