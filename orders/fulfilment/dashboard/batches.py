"""One step for many ticked orders, done beside the request."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.paths import key_of
from orders.fulfilment import batches, tasks
from orders.fulfilment.batches import MOST, batch_make
from orders.fulfilment.dashboard import forms
from orders.fulfilment.dashboard.selectors import VIEWS, sending_find
from orders.fulfilment.models import Batch, BatchAction, BatchState, RowOutcome, Wave
from orders.models import Order
from shop.core.office import may
from shop.core.tasks import send_quietly

PAGE_SIZE = 60
FEW = 5  # done at once; more are left to a worker
MAX_ID = 2**63 - 1
#: The step that comes next for those that went well, and who may take it.
FOLLOWS = {
    BatchAction.ROUTE: BatchAction.PACK,
    BatchAction.PACK: BatchAction.LABEL,
    BatchAction.LABEL: BatchAction.LEAVE,
}
PAGES = {
    BatchAction.PACK: "order-pack",
    BatchAction.LABEL: "parcels-buy",
    BatchAction.LEAVE: "parcels-hand-over",
}
PRINTED = (BatchAction.LABEL, BatchAction.LEAVE)
TONES = {
    RowOutcome.DONE: "good",
    RowOutcome.SAME: "",
    RowOutcome.REFUSED: "hot",
    RowOutcome.WAITS: "info",
}


def batch_add(request: HttpRequest) -> HttpResponse:
    """The ticked orders, or with ``all`` every one of the open view."""
    form = forms.BatchForm(request.POST)
    ids = [key for key in map(key_of, request.POST.getlist("order")) if key]
    view = request.POST.get("view", "")
    if request.POST.get("all") and view in VIEWS:
        rows = sending_find(view=view)
        column = "pk" if rows.model is Order else "order"
        ids = list(rows.values_list(column, flat=True)[:MOST])
    if not form.is_valid() or not ids:
        messages.warning(request, _("Tick the orders first."))
        return redirect("dashboard:sending-list")
    batch = batch_make(
        action=BatchAction(form.cleaned_data["action"]),
        order_ids=ids,
        key=form.cleaned_data["key"],
        user=request.user,
        language=get_language() or "en",
    )
    batch_start(batch)
    return redirect("dashboard:batch-detail", pk=batch.pk)


def batch_start(batch: Batch) -> None:
    """A few orders are done before the page comes; more are left to a worker."""
    if batch.total <= FEW:
        batches.batch_move(pk=batch.pk)
    else:
        send_quietly(tasks.batch_move, batch.pk)


def batch_list(request: HttpRequest) -> HttpResponse:
    rows = Batch.objects.select_related("created_by").order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "fulfilment/office/batch_list.html", {"page_obj": page})


def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.select_related("created_by"), pk=min(pk, MAX_ID))
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    asked = request.GET.get("outcome", "")
    rows = batch.rows.select_related("order").order_by("pk")
    if asked in RowOutcome.values:
        rows = rows.filter(outcome=asked)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for row in page:
        row.tone = TONES[RowOutcome(row.outcome)]
    follows = FOLLOWS.get(BatchAction(batch.action), "") if batch.state == BatchState.DONE else ""
    context = {
        "batch": batch,
        "key": uuid4(),
        "follows": follows if follows and may(request.user, PAGES[follows], "POST") else "",
        "follows_label": BatchAction(follows).label if follows else "",
        "numbers": _gone_well(batch) if follows else [],
        "waves": _waves(batch) if may(request.user, "wave-detail") else [],
        "may_print": batch.action in PRINTED and may(request.user, "orders-labels"),
        "is_moving": batch.state == BatchState.RUNNING,
        "page_obj": page,
        "counts": counts,
        "tabs": [
            {"name": _("All"), "url": request.path, "count": batch.total, "is_current": not asked},
            *(
                {
                    "name": RowOutcome(code).label,
                    "url": f"{request.path}?outcome={code}",
                    "count": counts[code],
                    "is_current": asked == code,
                }
                for code in RowOutcome.values
                if counts.get(code)
            ),
        ],
    }
    return render(request, "fulfilment/office/batch_detail.html", context)


def batch_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar, asked for every second; when it is full the page is to be read anew."""
    batch = get_object_or_404(Batch, pk=min(pk, MAX_ID))
    answer = render(request, "fulfilment/office/_batch_progress.html", {"batch": batch})
    if batch.state == BatchState.DONE:
        answer["HX-Refresh"] = "true"
    return answer


def _waves(batch: Batch) -> list[Wave]:
    """Those that its orders are picked in now."""
    if batch.action != BatchAction.WAVE:
        return []
    orders = batch.rows.order_by().values("order")
    rows = Wave.objects.filter(consignments__order__in=orders).select_related("warehouse")
    return list(rows.distinct().order_by("pk"))


def _gone_well(batch: Batch) -> list[str]:
    rows = batch.rows.filter(outcome__in=(RowOutcome.DONE, RowOutcome.SAME)).order_by("pk")
    return list(rows.values_list("order__number", flat=True))
