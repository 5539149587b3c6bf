"""What people search for, which page answers, and whether that page says the words."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.search.dashboard.forms import ReportForm
from catalog.searchlog.reports import terms_found
from catalog.seo.dashboard.answers import answers_of
from catalog.seo.dashboard.tabs import desk_tabs

PAGE_SIZE = 20  # each word is searched for once
DAYS = "28"


def keywords(request: HttpRequest) -> HttpResponse:
    form = ReportForm({"days": DAYS} | request.GET.dict())
    page = Paginator(terms_found(**form.criteria()), PAGE_SIZE).get_page(request.GET.get("page"))
    terms: list[dict[str, Any]] = list(page.object_list)
    answers = answers_of(terms)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [term | {"answer": answer} for term, answer in zip(terms, answers, strict=True)],
        "tabs": desk_tabs(request.user, "seo-words"),
    }
    return render(request, "seo/keywords.html", context)
