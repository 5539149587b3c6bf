"""Cycle counts: planned at a desk, counted with a phone."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.core.office import may
from supply import services
from supply.dashboard.place_forms import CountedForm, CountForm
from supply.exceptions import SupplyRefused
from supply.models import CountLine, CountState, CycleCount
from supply.rights import APPROVE, may_take_away

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
TO_COUNT = (CountState.OPEN, CountState.REFUSED)
TONES = {"open": "", "waiting": "warn", "booked": "good", "refused": "hot"}


def count_list(request: HttpRequest, *, form: CountForm | None = None) -> HttpResponse:
    """The counts, and with ``view=waiting`` the differences that wait for a yes."""
    is_waiting = request.GET.get("view") == "waiting"
    link = reverse("dashboard:count-list")
    waiting = _lines().filter(state=CountState.WAITING)
    counts = CycleCount.objects.select_related("warehouse").annotate(
        places=Count("lines"), left=Count("lines", filter=Q(lines__state__in=TO_COUNT))
    )
    rows = waiting.order_by("counted_at") if is_waiting else counts.order_by("-day", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    if is_waiting:
        _decidable(request, page)
    context = {
        "page_obj": page,
        "is_waiting": is_waiting,
        "form": form or CountForm(),
        "may_add": may(request.user, "count-add", "POST"),
        "tabs": [
            {"name": _("Counts"), "url": link, "is_current": not is_waiting},
            {
                "name": _("Waiting for a yes"),
                "url": f"{link}?view=waiting",
                "count": waiting.count(),
                "is_current": is_waiting,
            },
        ],
    }
    return render(request, "supply/count_list.html", context, status=422 if form else 200)


def count_add(request: HttpRequest) -> HttpResponse:
    form = CountForm(request.POST)
    if not form.is_valid():
        return count_list(request, form=form)
    try:
        made = services.count_plan(user=request.user, **form.cleaned_data)
    except SupplyRefused as refusal:
        form.add_error("bins", refusal.message)
        return count_list(request, form=form)
    return redirect("dashboard:count-detail", pk=made.pk)


def count_detail(request: HttpRequest, pk: int, *, form: CountedForm | None = None) -> HttpResponse:
    """The next place in large letters; the book is shown when it was counted."""
    rows = CycleCount.objects.select_related("warehouse")
    count = get_object_or_404(rows, pk=min(pk, MAX_ID))
    lines = list(_lines().filter(count=count).order_by("bin__rank", "bin__code", "pk"))
    for one in lines:
        one.tone = TONES[one.state]
    asked = request.GET.get("line") or request.POST.get("line") or ""
    open_lines = [one for one in lines if one.state in TO_COUNT]
    first = next((one for one in open_lines if str(one.pk) == asked), None)
    context = {
        "count": count,
        "lines": lines,
        "line": first or (open_lines[0] if open_lines else None),
        "left": len(open_lines),
        "done": len(lines) - len(open_lines),
        "form": form or CountedForm(),
        "may_count": may(request.user, "count-enter", "POST"),
        "may_take_away": may_take_away(request.user),
    }
    return render(request, "supply/count_detail.html", context, status=422 if form else 200)


def count_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """One place. A difference without a reason comes back with the question."""
    line, form = _line_or_404(pk), CountedForm(request.POST)
    if not form.is_valid():
        return count_detail(request, line.count_id, form=form)
    try:
        made = services.count_enter(line=line, user=request.user, **form.cleaned_data)
    except SupplyRefused as refusal:
        form.add_error("counted", refusal.message)
        return count_detail(request, line.count_id, form=form)
    if made.state == CountState.WAITING and services.is_large(made):
        messages.warning(request, _("Noted. The difference is large: a colleague looks at it."))
    elif made.state == CountState.WAITING:
        text = _("Noted. Units are missing: a colleague who may write off looks at it.")
        messages.warning(request, text)
    else:
        messages.success(request, _("%(bin)s is counted.") % {"bin": made.place})
    return redirect("dashboard:count-detail", pk=line.count_id)


def count_decide(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.count_decide(
            line=_line_or_404(pk),
            is_approved=request.POST.get("decision") == "yes",
            user=request.user,
        )
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Decided."))
    return redirect(f"{reverse('dashboard:count-list')}?view=waiting")


def _decidable(request: HttpRequest, lines: Iterable[CountLine]) -> None:
    """Give each line ``may_decide``, and the words ``waits_for`` for who may not."""
    may_decide = may(request.user, "count-decide", "POST")
    for line in lines:
        wanted = services.rights_wanted(line)
        is_own = line.counted_by_id == request.user.pk
        line.may_decide = may_decide and not is_own and request.user.has_perms(wanted)  # type: ignore[attr-defined]
        if is_own:
            words = _("You counted this; a colleague decides.")
        elif APPROVE in wanted and not request.user.has_perm(APPROVE):
            words = _("Waits for a colleague whose role approves such differences.")
        else:
            words = _("Waits for a colleague who may write off units.")
        line.waits_for = words  # type: ignore[attr-defined]


def _lines():
    return CountLine.objects.select_related(
        "count__warehouse", "bin", "stock_record__product__parent", "counted_by", "decided_by"
    )


def _line_or_404(pk: int) -> CountLine:
    return get_object_or_404(_lines(), pk=min(pk, MAX_ID))
