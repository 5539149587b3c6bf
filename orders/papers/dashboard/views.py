"""Invoices and credit notes for those who account for them; slips and pick lists for those who pack."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.fulfilment.models import Shipment, Wave, WaveState
from orders.life.selectors import orders_held
from orders.models import Order
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import document_pdf, pdf_response
from orders.papers.models import Document, DocumentKind
from orders.papers.picking import pick_data, wave_data
from orders.papers.printing import print_pdf
from orders.papers.slips import MOST, box_data, orders_to_send, slips_data
from shop.core.days import day_end, day_start
from shop.core.office import csv_response
from shop.core.redirects import next_path

logger = logging.getLogger(__name__)

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PaperFilterForm(forms.Form):
    """Narrows the list; what cannot be read is ignored."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("Number of paper or order")}
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All")), *DocumentKind.choices],
    )
    since = forms.DateField(label=gettext_lazy("Issued from"), required=False, widget=DAY)
    until = forms.DateField(label=gettext_lazy("to"), required=False, widget=DAY)

    def rows(self) -> QuerySet[Document]:
        self.is_valid()
        data = self.cleaned_data
        rows = Document.objects.defer("content").select_related("order", "corrects")
        if text := data.get("q"):
            rows = rows.filter(Q(number__icontains=text) | Q(order__number__iexact=text))
        if kind := data.get("kind"):
            rows = rows.filter(kind=kind)
        if since := data.get("since"):
            rows = rows.filter(issued_at__gte=day_start(since))
        if until := data.get("until"):
            rows = rows.filter(issued_at__lt=day_end(until))
        return rows.order_by("-issued_at", "-pk")


def paper_list(request: HttpRequest) -> HttpResponse:
    """Newest first; all that was issued, to be found by number, order, kind and day."""
    form = PaperFilterForm(request.GET)
    context = {
        "form": form,
        "page_obj": Paginator(form.rows(), PAGE_SIZE).get_page(request.GET.get("page")),
        "reset_url": request.path if any(request.GET.get(name) for name in form.fields) else "",
        "query": request.GET.urlencode(),
        "is_seller_known": bool(settings.SELLER["address"]),
    }
    return render(request, "papers/office/paper_list.html", context)


def paper_export(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, all its pages; credit notes below zero, so that a column adds up."""
    head = ["number", "kind", "issued", "order", "corrects", "currency", "net", "tax", "gross"]
    rows = PaperFilterForm(request.GET).rows().iterator(chunk_size=1000)
    return csv_response(
        name=f"papers-{timezone.localdate():%Y-%m-%d}", head=head, rows=_export_rows(rows)
    )


def _export_rows(papers: Iterator[Document]) -> Iterator[list[Any]]:
    for paper in papers:
        sign = -1 if paper.kind == DocumentKind.CREDIT_NOTE else 1
        net, gross = sign * paper.total_excl_tax, sign * paper.total_incl_tax
        yield [
            paper.number,
            paper.kind,
            timezone.localtime(paper.issued_at).date().isoformat(),
            paper.order.number,
            paper.corrects.number if paper.corrects else "",
            paper.currency,
            net,
            gross - net,
            gross,
        ]


def paper_file(request: HttpRequest, number: str) -> HttpResponseBase:
    paper = get_object_or_404(Document.objects.select_related("order"), number=number)
    back = reverse("dashboard:order-detail", args=[paper.order.number])
    return _download(request, lambda: document_pdf(paper), name=paper.number, back=back)


def order_slip(request: HttpRequest, number: str) -> HttpResponseBase:
    """Its boxes that are here, each on a slip of its own, and what is in none."""
    order = get_object_or_404(Order, number=number)
    back = reverse("dashboard:order-detail", args=[order.number])
    orders = orders_to_send([order.number])
    if not orders:
        messages.warning(request, _("Nothing of this order goes into a parcel."))
        return redirect(back)
    return _download(request, lambda: _slips(orders), name=f"slip-{order.number}", back=back)


def box_slip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is in one box, for whoever opens it."""
    box = get_object_or_404(Shipment.objects.select_related("order"), pk=min(pk, MAX_ID))
    back = next_path(
        request,
        request.GET.get("next", ""),
        reverse("dashboard:order-detail", args=[box.order.number]),
    )
    orders = orders_to_send([box.order.number])
    data = box_data(orders[0], box) if orders else None
    if data is None:
        messages.warning(request, _("Nothing is in the box yet."))
        return redirect(back)
    return _download(
        request,
        lambda: print_pdf(layout="slips", data=data, at=box.order.date_placed),
        name=f"slip-{box.order.number}-{box.pk}",
        back=back,
    )


def orders_slips(request: HttpRequest) -> HttpResponseBase:
    """The packing slips of the ticked orders, box by box, each on pages of its own."""
    back = _way_back(request)
    orders = _ticked(request)
    if not orders:
        return redirect(back)
    return _download(request, lambda: _slips(orders), name=_dated("slips"), back=back)


def orders_pick(request: HttpRequest) -> HttpResponseBase:
    """What to fetch for the ticked orders, along the bins of each warehouse."""
    back = _way_back(request)
    orders = _ticked(request)
    data = pick_data(orders)
    if orders and data is None:
        messages.warning(request, _("Nothing of these orders is still to be fetched."))
    if data is None:
        return redirect(back)
    now = timezone.now()
    return _download(
        request,
        lambda: print_pdf(layout="pick", data=data, at=now),
        name=_dated("pick"),
        back=back,
    )


def wave_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The walk of a wave on paper."""
    wave = get_object_or_404(Wave.objects.select_related("warehouse"), pk=min(pk, MAX_ID))
    back = reverse("dashboard:wave-detail", args=[wave.pk])
    data = wave_data(wave) if wave.state == WaveState.OPEN else None
    if data is None:
        messages.warning(request, _("All of this wave is picked."))
        return redirect(back)
    now = timezone.now()
    return _download(
        request,
        lambda: print_pdf(layout="pick", data=data, at=now),
        name=f"pick-{wave}",
        back=back,
    )


def _ticked(request: HttpRequest) -> list[Order]:
    """The chosen orders without those on hold; nothing and a message if there are none, or too many."""
    numbers = list(dict.fromkeys(request.POST.getlist("order")))
    if len(numbers) > MOST:
        text = _("These are %(number)d orders; at most %(most)d are printed at once.")
        messages.error(request, text % {"number": len(numbers), "most": MOST})
        return []
    held = set(orders_held().filter(number__in=numbers).values_list("number", flat=True))
    if held:
        text = _("On hold and left out: %(orders)s.")
        messages.warning(request, text % {"orders": ", ".join(sorted(held))})
    orders = orders_to_send(set(numbers) - held)
    if not numbers:
        messages.warning(request, _("Tick the orders that you want to print first."))
    elif not orders and not held:
        messages.warning(request, _("Nothing of these orders goes into a parcel."))
    return orders


def _slips(orders: list[Order]) -> bytes:
    newest = max(order.date_placed for order in orders)
    return print_pdf(layout="slips", data=slips_data(orders), at=newest)


def _download(
    request: HttpRequest, make: Callable[[], bytes], *, name: str, back: str
) -> HttpResponseBase:
    try:
        return pdf_response(make(), name=name)
    except PrintingFailed:
        logger.exception("%s could not be printed", name)
        messages.error(request, _("It cannot be printed right now. Please try again soon."))
        return redirect(back)


def _dated(name: str) -> str:
    return f"{name}-{timezone.localtime():%Y-%m-%d-%H%M}"


def _way_back(request: HttpRequest) -> str:
    return next_path(request, request.POST.get("next", ""), reverse("dashboard:order-list"))
