"""Jobs in the back office: one page from the choice to the report."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from shop.core.office import may
from shop.core.tasks import send_quietly
from shop.dashboard.goods import jobs
from shop.dashboard.goods.bulk import WANTS, BulkAction
from shop.dashboard.goods.exceptions import JobRefused
from shop.dashboard.goods.finding import products_sorted
from shop.dashboard.goods.forms import BulkForm, BulkValueForm, picked_ids
from shop.dashboard.goods.import_views import MappingForm
from shop.dashboard.goods.models import Job, JobKind, JobState, Outcome
from shop.dashboard.goods.tasks import job_move

PAGE_SIZE = 50
AT_ONCE = 60  # products that are worked on in the request itself; more go to a worker
TONES = {
    JobState.PLANNED: "info",
    JobState.CHECKING: "warn",
    JobState.RUNNING: "warn",
    JobState.DONE: "good",
}
OUTCOME_TONES = {
    Outcome.NEW: "good",
    Outcome.CHANGED: "good",
    Outcome.WRONG: "hot",
}


def bulk_begin(request: HttpRequest) -> HttpResponse:
    """The ticked products and what to do with them become a job; nothing is changed yet."""
    form = BulkForm(request.POST)
    back = reverse("dashboard:catalogue-product-list")
    if not form.is_valid():
        first = form.non_field_errors()[:1] or [_("Choose what to do with the products.")]
        messages.error(request, first[0])
        return redirect(back)
    data = form.cleaned_data
    if data["query"]:
        back = f"{back}?{data['query']}"
    if data["everything"]:
        ids = list(products_sorted(form.search()).values_list("pk", flat=True))
    else:
        ids = picked_ids(request.POST.getlist("products"))
    if not ids:
        messages.error(request, _("Tick the products first."))
        return redirect(back)
    action = BulkAction(data["action"])
    job = jobs.job_make(
        kind=JobKind.BULK,
        told={"action": action.value, "language": get_language()},
        key=data["key"],
        user_id=request.user.pk,
        product_ids=ids,
    )
    if action not in WANTS and job.state == JobState.NEW:
        _go(job, JobState.CHECKING, job.told)
    return redirect("dashboard:product-job", pk=job.pk)


def job_list(request: HttpRequest) -> HttpResponse:
    rows = Job.objects.select_related("created_by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": [{"job": job, **_shown(job)} for job in page]}
    return render(request, "goods/job_list.html", context)


def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.select_related("created_by"), pk=pk)
    if request.method != "POST":
        return _page(request, job)
    if job.kind == JobKind.IMPORT and not may(request.user, "product-import", "POST"):
        raise PermissionDenied
    step = request.POST.get("step")
    if step == "choose":
        form = _form(job, request.POST)
        if form is None or not form.is_valid():
            return _page(request, job, form=form)
        return _stepped(
            request, job, JobState.CHECKING, {**job.told, **form.told(), "is_read": False}
        )
    wanted = {"again": JobState.NEW, "run": JobState.RUNNING, "cancel": JobState.CANCELLED}
    if step not in wanted:
        messages.error(request, _("Choose one of the buttons."))
        return redirect("dashboard:product-job", pk=pk)
    return _stepped(request, job, wanted[step])


@vary_on_headers("HX-Request")
def job_state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; when it has moved on, the whole page is asked for again."""
    job = get_object_or_404(Job, pk=pk)
    answer = render(request, "goods/_job_progress.html", {"job": job, **_shown(job)})
    if not job.is_moving:
        answer["HX-Refresh"] = "true"
    return answer


def _stepped(
    request: HttpRequest, job: Job, state: JobState, told: dict[str, Any] | None = None
) -> HttpResponse:
    try:
        _go(job, state, told)
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:product-job", pk=job.pk)


def _go(job: Job, state: JobState, told: dict[str, Any] | None = None) -> None:
    """Take the step; a small job is moved at once, a large one by a worker."""
    job = jobs.job_step(pk=job.pk, state=state, told=told)
    if not job.is_moving:
        return
    if job.kind == JobKind.BULK and job.total <= AT_ONCE:
        jobs.job_move(pk=job.pk)
    else:
        send_quietly(job_move, job.pk)


def _is_told(job: Job) -> bool:
    """Whether there is anything to choose about it."""
    return job.kind == JobKind.IMPORT or BulkAction(job.told["action"]) in WANTS


def _form(job: Job, data: Any = None) -> Any:
    """What a new job has to be told; None when it needs nothing."""
    if job.state != JobState.NEW or not _is_told(job):
        return None
    make = MappingForm if job.kind == JobKind.IMPORT else BulkValueForm
    return make(data, job=job)


def _page(request: HttpRequest, job: Job, *, form: Any = None) -> HttpResponse:
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in Outcome.values else ""
    counts = dict(
        job.rows.order_by().values("outcome").annotate(n=Count("pk")).values_list("outcome", "n")
    )
    page = Paginator(job.rows.filter(outcome=outcome) if outcome else job.rows.all(), PAGE_SIZE)
    form = form or _form(job)
    context = {
        "job": job,
        "form": form,
        "counts": counts,
        "is_told": _is_told(job),
        "may_edit": may(request.user, "catalogue-product"),
        "has_rows": job.state in (JobState.PLANNED, JobState.RUNNING, JobState.DONE),
        "to_do": counts.get(Outcome.NEW, 0) + counts.get(Outcome.CHANGED, 0),
        "page_obj": page.get_page(request.GET.get("page")),
        "tabs": [
            {
                "name": _("All"),
                "url": "?",
                "count": sum(counts.values()),
                "is_current": not outcome,
            },
            *(
                {
                    "name": label,
                    "url": f"?outcome={value}",
                    "count": counts[value],
                    "is_current": value == outcome,
                }
                for value, label in Outcome.choices
                if value in counts
            ),
        ],
        **_shown(job),
    }
    for row in context["page_obj"]:
        row.tone = OUTCOME_TONES.get(row.outcome, "")
    status = 422 if form is not None and form.errors else 200
    return render(request, "goods/job_detail.html", context, status=status)


def _shown(job: Job) -> dict[str, Any]:
    """What a job is called, and its state as a chip."""
    if job.kind == JobKind.BULK:
        title = str(BulkAction(job.told["action"]).label)
    else:
        title = job.name or str(job.get_kind_display())
    who = job.created_by
    return {
        "title": title,
        "tone": TONES.get(JobState(job.state), ""),
        "who": (who.get_full_name() or who.email) if who else "",
    }
