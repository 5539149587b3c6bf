"""Complaints about parcels: the oldest first, each with the ways to put it right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.opinions.forms import PlainTextField
from orders.exceptions import StepRefused
from orders.refunds.models import RequestState
from orders.returns import services
from orders.returns.complaint_pages import thing_of
from orders.returns.models import Complaint, ComplaintPhoto
from orders.returns.selectors import complaints_read
from orders.returns.states import ComplaintKind, Remedy
from orders.returns.views import photo_response
from payments.services import refund_send, refunds_of_key
from shop.core.levels import masked
from shop.core.names import name_shown
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
TONES = {"late": "warn", "lost": "hot", "damaged": "hot", "missing": "warn"}


class CloseForm(forms.Form):
    remedy = forms.ChoiceField(
        label=gettext_lazy("How do we put it right?"),
        choices=Remedy.choices,
        widget=forms.RadioSelect,
    )
    answer = PlainTextField(
        label=gettext_lazy("Words to the customer"),
        lines=True,
        max_length=400,
        required=False,
        help_text=gettext_lazy("The customer reads this, in the language that you write it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget.attrs["rows"] = 3


def complaint_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    rows = complaints_read()
    if asked == "done":
        rows = rows.filter(closed_at__isnull=False).order_by("-closed_at")
    else:
        rows = rows.filter(closed_at__isnull=True).order_by("made_at", "pk")
        if asked in ComplaintKind.values:
            rows = rows.filter(kind=asked)
    link = reverse("dashboard:complaint-list")
    names = [("", _("All")), *ComplaintKind.choices, ("done", _("Dealt with"))]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [_row(one) for one in page],
        "tabs": [
            {"name": name, "url": f"{link}?view={code}", "is_current": asked == code}
            for code, name in names
        ],
    }
    return render(request, "returns/office/complaint_list.html", context)


def complaint_detail(
    request: HttpRequest, pk: int, *, form: CloseForm | None = None
) -> HttpResponse:
    complaint = get_object_or_404(complaints_read(), pk=min(pk, MAX_ID))
    context = {
        **_row(complaint),
        "form": form or CloseForm(initial={"remedy": complaint.wish}),
        "photos": list(complaint.photos.all()),
        "may_close": may(request.user, "complaint-close", "POST"),
        "may_see_orders": may(request.user, "order-detail"),
    }
    status = 422 if form is not None else 200
    return render(request, "returns/office/complaint.html", context, status=status)


def complaint_photo(request: HttpRequest, pk: int, photo: int) -> HttpResponseBase:
    found = get_object_or_404(ComplaintPhoto, complaint=min(pk, MAX_ID), pk=min(photo, MAX_ID))
    return photo_response(found)


def complaint_close(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = get_object_or_404(Complaint, pk=min(pk, MAX_ID))
    form = CloseForm(request.POST)
    if not form.is_valid():
        return complaint_detail(request, pk, form=form)
    try:
        complaint = services.complaint_close(
            complaint=complaint, user=request.user, **form.cleaned_data
        )
    except StepRefused as refusal:
        form.add_error(None, refusal.message)
        return complaint_detail(request, pk, form=form)
    messages.success(request, _("Dealt with. The customer gets a mail."))
    asked = complaint.refund
    if asked is not None and asked.state == RequestState.APPROVED:
        for made in refunds_of_key(asked.refund_key):
            refund_send(refund=made)
    elif asked is not None:
        messages.info(request, _("The refund waits for a second person."))
    return redirect("dashboard:complaint-detail", pk=pk)


def _row(complaint: Complaint) -> dict[str, Any]:
    address = complaint.order.shipping_address
    name = name_shown(address.first_name, address.last_name) if address else ""
    return {
        "complaint": complaint,
        "tone": TONES.get(complaint.kind, ""),
        "customer": masked(name, "name") or masked(complaint.order.email, "email"),
        "things": [thing_of(line) for line in complaint.lines.all()],
    }
