"""Transfers between warehouses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.partner.models import StockRecord
from shop.core.office import may
from shop.core.steps import way_back
from supply import services
from supply.dashboard.place_forms import ReceiveForm, TransferForm, TransferLineForm
from supply.exceptions import OutOfStock, SupplyRefused
from supply.models import Transfer, TransferState

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
TONES = {"draft": "", "sent": "warn", "received": "good", "cancelled": "plain"}


def transfer_list(request: HttpRequest, *, form: TransferForm | None = None) -> HttpResponse:
    """By state; without one, all of them."""
    asked = request.GET.get("view", "")
    rows = Transfer.objects.select_related("source", "target").annotate(
        records=Count("lines"), units=Sum("lines__sent")
    )
    if asked in TransferState.values:
        rows = rows.filter(state=asked)
    page = Paginator(rows.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    for row in page:
        row.tone = TONES[row.state]
    context = {
        "page_obj": page,
        "tabs": [
            {
                "name": name,
                "url": f"{reverse('dashboard:transfer-list')}?view={code}",
                "is_current": code == (asked if asked in TransferState.values else ""),
            }
            for code, name in [("", _("All")), *TransferState.choices]
        ],
        "form": form or TransferForm(),
        "may_add": may(request.user, "transfer-add", "POST"),
    }
    return render(request, "supply/transfer_list.html", context, status=422 if form else 200)


def transfer_add(request: HttpRequest) -> HttpResponse:
    form = TransferForm(request.POST)
    if not form.is_valid():
        return transfer_list(request, form=form)
    made = services.transfer_make(user=request.user, **form.cleaned_data)
    return redirect("dashboard:transfer-detail", pk=made.pk)


def transfer_detail(
    request: HttpRequest,
    pk: int,
    *,
    line_form: TransferLineForm | None = None,
    receive_form: ReceiveForm | None = None,
) -> HttpResponse:
    transfer = _transfer_or_404(pk)
    may_change = may(request.user, "transfer-line", "POST")
    lines = transfer.lines.select_related("stock_record__product__parent").order_by("pk")
    context = {
        "transfer": transfer,
        "way_back": way_back("Transfers between warehouses", transfer.state),
        "tone": TONES[transfer.state],
        "lines": list(lines),
        "line_form": line_form or TransferLineForm(),
        "receive_form": receive_form or ReceiveForm(transfer=transfer),
        "is_draft": may_change and transfer.state == TransferState.DRAFT,
        "is_sent": may_change and transfer.state == TransferState.SENT,
    }
    status = 422 if line_form or receive_form else 200
    return render(request, "supply/transfer_detail.html", context, status=status)


def transfer_line(request: HttpRequest, pk: int) -> HttpResponse:
    transfer, form = _transfer_or_404(pk), TransferLineForm(request.POST)
    if not form.is_valid():
        return transfer_detail(request, pk, line_form=form)
    data = form.cleaned_data
    try:
        services.transfer_line_set(
            transfer=transfer, stock_record_id=data["sku"].pk, units=data["units"]
        )
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("dashboard:transfer-detail", pk=pk)


def transfer_send(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = _transfer_or_404(pk)
    try:
        services.transfer_send(transfer=transfer, user=request.user)
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
    except OutOfStock as error:
        skus = StockRecord.objects.filter(pk__in=error.shortages).order_by("pk")
        words = ", ".join(f"{one.partner_sku}: {error.shortages[one.pk]}" for one in skus)
        text = _("Fewer are free there. At most: %(units)s.")
        messages.error(request, text % {"units": words})
    else:
        messages.success(request, _("Under way. Nobody can buy it until it has come."))
    return redirect("dashboard:transfer-detail", pk=pk)


def transfer_receive(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = _transfer_or_404(pk)
    form = ReceiveForm(request.POST, transfer=transfer)
    if not form.is_valid():
        return transfer_detail(request, pk, receive_form=form)
    try:
        services.transfer_receive(transfer=transfer, came=form.came(), user=request.user)
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Received."))
    return redirect("dashboard:transfer-detail", pk=pk)


def transfer_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.transfer_cancel(transfer=_transfer_or_404(pk))
    except SupplyRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("dashboard:transfer-list")


def _transfer_or_404(pk: int) -> Transfer:
    rows = Transfer.objects.select_related("source", "target", "sent_by", "received_by")
    return get_object_or_404(rows, pk=min(pk, MAX_ID))
