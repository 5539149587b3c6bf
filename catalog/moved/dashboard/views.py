"""Redirects, the table to bring many in, and the addresses that are asked for in vain."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.moved import selectors
from catalog.moved.dashboard.forms import ImportForm, RedirectForm
from catalog.moved.models import PATH_LENGTH, Redirect
from catalog.moved.services import redirect_change, redirects_set
from shop.core.finding import FindForm
from shop.core.office import csv_response, may

PAGE_SIZE = 40
TABS = {
    "redirect-list": gettext_lazy("Redirects"),
    "dead-list": gettext_lazy("Asked for in vain"),
    "redirect-import": gettext_lazy("Bring in a table"),
}
SORTS = {
    "people": gettext_lazy("Most people"),
    "latest": gettext_lazy("Latest"),
    "robots": gettext_lazy("Most robots"),
}


def _tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": reverse(f"dashboard:{code}"), "is_current": code == here}
        for code, name in TABS.items()
        if may(request.user, code)
    ]


def redirect_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None, hint=_("Part of an address"))
    text = form.text()
    page = Paginator(selectors.redirects_find(text=text), PAGE_SIZE)
    page_obj = page.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "text": text,
        "page_obj": page_obj,
        "rows": selectors.redirects_shown(page_obj),
        "may_add": may(request.user, "redirect-create"),
        "may_change": may(request.user, "redirect-update", "POST"),
        "tabs": _tabs(request, "redirect-list"),
    }
    return render(request, "moved/redirect_list.html", context)


def redirect_create(request: HttpRequest) -> HttpResponse:
    """``?old=`` is the dead address that a row of the log asks to lead somewhere."""
    old = request.GET.get("old", "")[:PATH_LENGTH]
    return _edit(request, None, {"old": old} if old else {})


def redirect_update(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Redirect, pk=min(pk, 2**63 - 1))
    (shown,) = selectors.redirects_shown([row])
    return _edit(request, row, {"old": row.old_path, "new": shown.now})


def redirect_delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Redirect, pk=min(pk, 2**63 - 1)).delete()
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("dashboard:redirect-list")


def _edit(request: HttpRequest, row: Redirect | None, initial: dict[str, str]) -> HttpResponse:
    form = RedirectForm(request.POST or None, initial=initial, row=row)
    if request.method == "POST" and form.is_valid() and _kept(request, form, row):
        messages.success(request, _("Kept. Visitors are led there from now on."))
        return redirect("dashboard:redirect-list")
    delete_url = ""
    if row and may(request.user, "redirect-delete", "POST"):
        delete_url = reverse("dashboard:redirect-delete", kwargs={"pk": row.pk})
    context = {
        "title": _("Change redirect") if row else _("New redirect"),
        "form": form,
        "back_url": reverse("dashboard:redirect-list"),
        "back_name": _("Redirects"),
        "delete_url": delete_url,
    }
    status = 422 if form.errors else 200
    return render(request, "moved/redirect_form.html", context, status=status)


def _kept(request: HttpRequest, form: RedirectForm, row: Redirect | None) -> bool:
    """False when somebody took the old address at the same moment; the form says so."""
    old, new = form.cleaned_data["old"], form.cleaned_data["new"]
    try:
        with transaction.atomic():
            if row is None:
                redirects_set(pairs={old: new}, user_id=request.user.pk)
            else:
                redirect_change(row=row, old=old, new=new, user_id=request.user.pk)
    except IntegrityError:
        form.add_error("old", _("This address leads somewhere already; change that redirect."))
        return False
    return True


def redirect_import(request: HttpRequest) -> HttpResponse:
    """All rows or none; errors name their rows; checking changes nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    checked = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["only_check"]:
            checked = len(form.pairs)
        else:
            new, changed = redirects_set(pairs=form.pairs, user_id=request.user.pk)
            added = ngettext("%(n)d redirect is new", "%(n)d redirects are new", new) % {"n": new}
            changes = ngettext("%(n)d changed", "%(n)d changed", changed) % {"n": changed}
            messages.success(
                request, _("%(added)s, %(changed)s.") % {"added": added, "changed": changes}
            )
            return redirect("dashboard:redirect-list")
    context = {"form": form, "checked": checked, "tabs": _tabs(request, "redirect-import")}
    status = 422 if form.errors else 200
    return render(request, "moved/redirect_import.html", context, status=status)


def redirect_export(request: HttpRequest) -> HttpResponseBase:
    """Those that people made, in the table that can be brought in again."""
    rows = selectors.redirects_find(by_hand=True).values_list("old_path", "new_path")
    return csv_response(name="redirects", head=["old", "new"], rows=rows.iterator(chunk_size=2000))


def dead_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None, hint=_("Part of an address"))
    text, sort = form.text(), request.GET.get("sort", "")
    sort = sort if sort in SORTS else "people"
    link = reverse("dashboard:dead-list")
    page = Paginator(selectors.dead_paths(text=text, sort=sort), PAGE_SIZE)
    context = {
        "form": form,
        "keep": {"sort": sort},
        "text": text,
        "sorts": [
            {"name": name, "url": f"{link}?sort={code}", "is_current": code == sort}
            for code, name in SORTS.items()
        ],
        "page_obj": page.get_page(request.GET.get("page")),
        "may_add": may(request.user, "redirect-create"),
        "tabs": _tabs(request, "dead-list"),
    }
    return render(request, "moved/dead_list.html", context)
