"""Synonyms and redirects: lists and forms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.search.dashboard import selectors, services
from catalog.search.dashboard.forms import RedirectForm, SynonymForm
from catalog.search.dashboard.tabs import desk_tabs
from catalog.search.models import PHRASE_AT_MOST, SearchRedirect, SynonymGroup
from shop.core.finding import FindForm
from shop.core.office import may

PAGE_SIZE = 40


def synonym_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None)
    text = form.text()
    page = Paginator(selectors.synonyms_find(text=text), PAGE_SIZE)
    page_obj = page.get_page(request.GET.get("page"))
    others = list(SynonymGroup.objects.filter(is_active=True))
    redirects = list(SearchRedirect.objects.filter(is_active=True))
    rows = [
        {
            "group": group,
            "conflicts": selectors.synonym_conflicts(
                group=group, others=others, redirects=redirects
            )
            if group.is_active
            else [],
        }
        for group in page_obj
    ]
    context = {
        "form": form,
        "page_obj": page_obj,
        "rows": rows,
        "text": text,
        "may_add": may(request.user, "search-synonym-create"),
        "may_change": may(request.user, "search-synonym-update", "POST"),
        "tabs": desk_tabs(request.user, "search-synonym-list"),
    }
    return render(request, "search/synonym_list.html", context)


def synonym_create(request: HttpRequest) -> HttpResponse:
    """``?word=`` is the query of a report that asks for a synonym."""
    word = request.GET.get("word", "")[:PHRASE_AT_MOST]
    return _synonym_form(request, SynonymGroup(), {"words": f"{word}, "} if word else {})


def synonym_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _synonym_form(request, get_object_or_404(SynonymGroup, pk=pk), {})


def synonym_delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SynonymGroup, pk=pk).delete()
    messages.success(request, _("These words no longer find each other."))
    return redirect("dashboard:search-synonym-list")


def _synonym_form(request: HttpRequest, group: SynonymGroup, initial: dict) -> HttpResponse:
    form = SynonymForm(request.POST or None, instance=group, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.synonym_save(group=form.instance)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. The next search knows these words."))
            return redirect("dashboard:search-synonym-list")
    conflicts = []
    if group.pk:
        kept = SynonymGroup.objects.get(pk=group.pk)
        conflicts = selectors.synonym_conflicts(
            group=kept,
            others=SynonymGroup.objects.filter(is_active=True),
            redirects=list(SearchRedirect.objects.filter(is_active=True)),
        )
    context = {
        "title": _("Change synonyms") if group.pk else _("New synonyms"),
        "back_url": reverse("dashboard:search-synonym-list"),
        "back_name": _("Synonyms"),
        "conflicts": conflicts,
        "delete_url": reverse("dashboard:search-synonym-delete", args=[group.pk])
        if group.pk and may(request.user, "search-synonym-delete", "POST")
        else "",
    }
    return _rule_page(request, "search/synonym_form.html", form, context)


def redirect_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None)
    text = form.text()
    page = Paginator(selectors.redirects_find(text=text), PAGE_SIZE)
    context = {
        "form": form,
        "page_obj": page.get_page(request.GET.get("page")),
        "text": text,
        "may_add": may(request.user, "search-redirect-create"),
        "may_change": may(request.user, "search-redirect-update", "POST"),
        "tabs": desk_tabs(request.user, "search-redirect-list"),
    }
    return render(request, "search/redirect_list.html", context)


def redirect_create(request: HttpRequest) -> HttpResponse:
    """``?word=`` is the query of a report that asks for a redirect."""
    word = request.GET.get("word", "")[:PHRASE_AT_MOST]
    return _redirect_form(request, SearchRedirect(), {"query": word} if word else {})


def redirect_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _redirect_form(request, get_object_or_404(SearchRedirect, pk=pk), {})


def redirect_delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SearchRedirect, pk=pk).delete()
    messages.success(request, _("This query is searched for again."))
    return redirect("dashboard:search-redirect-list")


def _redirect_form(request: HttpRequest, row: SearchRedirect, initial: dict) -> HttpResponse:
    form = RedirectForm(request.POST or None, instance=row, initial=initial, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            services.redirect_save(redirect=form.instance)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. The next search for it leads there."))
            return redirect("dashboard:search-redirect-list")
    context = {
        "title": _("Change redirect") if row.pk else _("New redirect"),
        "back_url": reverse("dashboard:search-redirect-list"),
        "back_name": _("Redirects"),
        "delete_url": reverse("dashboard:search-redirect-delete", args=[row.pk])
        if row.pk and may(request.user, "search-redirect-delete", "POST")
        else "",
    }
    return _rule_page(request, "search/redirect_form.html", form, context)


def _rule_page(
    request: HttpRequest, template: str, form: ModelForm, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, context | {"form": form}, status=status)
