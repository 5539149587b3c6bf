"""The audit trail, searched and downloaded, and the history of one thing."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.accounts.models import User
from shop.core.audit.models import Entry
from shop.core.audit.selectors import Slice, entries_find, entries_in_portions, entries_slice
from shop.core.levels import mask_now
from shop.core.office import csv_response, may
from shop.dashboard.audit.finding import AuditFilterForm
from shop.dashboard.audit.histories import (
    HISTORIES,
    may_see_history,
    page_of,
    subjects_of,
    thing_found,
    title_of,
)
from shop.dashboard.audit.reading import changes_of, model_words, rows_of, who_of

PAGE_SIZE = 50
MOST_EXPORTED = 50_000


def audit_list(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET or None)
    part = _part(request, entries_find(**(form.criteria() if form.is_bound else {})))
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "form": form,
        "part": part,
        "rows": rows_of(part.entries, user=request.user),
        "query": query.urlencode(),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "most": MOST_EXPORTED,
    }
    return render(request, "oscar/dashboard/audit/audit_list.html", context)


def audit_export(request: HttpRequest) -> HttpResponse:
    """What the filters leave, at most ``MOST_EXPORTED`` entries, the latest first."""
    form = AuditFilterForm(request.GET or None)
    rows = entries_find(**(form.criteria() if form.is_bound else {}))
    entries = entries_in_portions(rows, size=1000, most=MOST_EXPORTED)
    return csv_response(
        name=f"audit-{timezone.localdate():%Y-%m-%d}",
        head=[
            "entry",
            "at",
            "who",
            "origin",
            "network",
            "place",
            "action",
            "what",
            "thing",
            "column",
            "old",
            "new",
            "reason",
        ],
        rows=_lines(entries),
    )


def _lines(entries: Iterator[Entry]) -> Iterator[list]:
    """One line for each column that changed. The masks are those of who asked."""
    mask, people = mask_now(), {one.pk: one for one in User.objects.filter(is_staff=True)}

    def lines() -> Iterator[list]:
        for entry in entries:
            head = [
                entry.pk,
                timezone.localtime(entry.at).isoformat(timespec="seconds"),
                who_of(entry, people),
                entry.origin,
                entry.address,
                entry.place,
                entry.action,
                entry.label,
                entry.subject,
            ]
            for change in changes_of(entry, {}, mask) or [None]:
                words = [change.column, change.old, change.new] if change else ["", "", ""]
                yield [*head, *words, entry.reason]

    return lines()


def object_history(request: HttpRequest, label: str, key: str) -> HttpResponse:
    """All that was noted of one thing and of what belongs to it; also when it is gone."""
    if label not in HISTORIES:
        raise Http404
    thing = thing_found(label, key)
    if thing is None and not may(request.user, "audit-list"):
        raise Http404
    if thing is not None and not may_see_history(request.user, label, thing):
        raise PermissionDenied
    subjects = subjects_of(label, thing) if thing else [f"{label}:{key}"]
    part = _part(request, entries_find(subjects=subjects))
    if thing is None and not part.entries:
        raise Http404
    context = {
        "title": title_of(label, thing) if thing else f"#{key}",
        "kind": model_words(label),
        "page": page_of(request.user, label, thing) if thing else "",
        "is_gone": thing is None,
        "part": part,
        "rows": rows_of(part.entries, user=request.user),
        "query": "",
    }
    return render(request, "oscar/dashboard/audit/history.html", context)


def _part(request: HttpRequest, rows) -> Slice:
    before, after = (_key(request.GET.get(name, "")) for name in ("before", "after"))
    return entries_slice(rows, before=before, after=after, size=PAGE_SIZE)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
