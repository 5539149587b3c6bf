"""Ranking weights, and what they would do to a search before anybody else sees it."""

from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from catalog.search.dashboard import selectors, services
from catalog.search.dashboard.forms import PreviewForm, WeightsForm
from catalog.search.dashboard.tabs import desk_tabs
from catalog.search.rules import Weights, rules_current
from catalog.searchlog.selectors import queries_popular
from shop.core.office import may


@vary_on_headers("HX-Request")
def weights(request: HttpRequest) -> HttpResponse:
    """GET previews the weights of the query string; POST puts those that were previewed to use."""
    if request.method == "POST":
        return _save(request)
    now = rules_current().weights
    language = get_language() or settings.LANGUAGE_CODE
    example = next(iter(queries_popular(language=language, limit=1)), "")
    start = asdict(now) | {"q": example, "language": language}
    asked = {name: request.GET[name] for name in (*start,) if name in request.GET}
    form = PreviewForm(start | asked)
    is_fine = form.is_valid()
    then = form.weights() if is_fine else now
    context = {
        "form": form,
        "parts": selectors.PARTS,
        "labels": [(name, form.fields[name].label) for name in selectors.PARTS],
        "then": asdict(then),
        "is_changed": is_fine and then != now,
        "is_default": now == Weights(),
        "defaults": asdict(Weights()),
        "preview": _preview(form, now, then) if is_fine else None,
        "may_save": may(request.user, "search-weights", "POST"),
        "tabs": desk_tabs(request.user, "search-weights"),
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "search/_ranking.html" if is_fragment else "search/ranking.html"
    return render(request, template, context, status=200 if is_fine else 422)


def _preview(form: PreviewForm, now: Weights, then: Weights) -> selectors.Preview | None:
    query = form.cleaned_data["q"].strip()
    if not query:
        return None
    language = form.cleaned_data["language"] or settings.LANGUAGE_CODE
    return selectors.ranking_preview(query=query, language=language, now=now, then=then)


def _save(request: HttpRequest) -> HttpResponse:
    form = WeightsForm(request.POST)
    if form.is_valid():
        services.weights_save(weights=form.weights())
        messages.success(request, _("Saved. Every search is ranked this way from now on."))
    else:
        messages.error(request, _("Nothing was changed: every weight lies between 0 and 10."))
    return redirect("dashboard:search-weights")
