"""The desk of returns: the list, the scanner's way in, and one return."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orders.models import Order
from orders.page_parts import picture_of
from orders.refunds.models import RequestState
from orders.returns.amounts import Proposal, proposal_of
from orders.returns.dashboard import forms
from orders.returns.dashboard.selectors import (
    VIEWS,
    returns_counted,
    returns_find,
    returns_scanned,
)
from orders.returns.models import Complaint, LinkedOrder, Return, ReturnLine, ReturnPhoto
from orders.returns.pages import TONES, found_words
from orders.returns.selectors import lines_refurbishing, returns_read
from orders.returns.states import NEXT, SENT_WITH_SLIP, ReturnState, Wish
from orders.returns.views import photo_response
from orders.states import OrderState
from shop.core.levels import masked
from shop.core.names import name_shown
from shop.core.office import may
from shop.core.steps import way_back

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
#: Each step of the desk and the state that it leads to.
STEPS = {
    "approve": ReturnState.APPROVED,
    "refuse": ReturnState.REFUSED,
    "cancel": ReturnState.CANCELLED,
    "receive": ReturnState.RECEIVED,
    "inspect": ReturnState.INSPECTED,
    "refund": ReturnState.REFUNDED,
    "exchange": ReturnState.EXCHANGED,
    "repair": ReturnState.REPAIRING,
    "repaired": ReturnState.REPAIRED,
    "close": ReturnState.CLOSED,
}


def return_list(request: HttpRequest) -> HttpResponse:
    """By what is to be done next; search and reason narrow the open view."""
    form = forms.ReturnFilterForm(request.GET or None)
    is_narrowed = any(request.GET.get(name) for name in form.fields)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "all" if is_narrowed else "to_decide"
    rows = returns_find(view=view, **(form.criteria() if form.is_bound else {}))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    link, counts = reverse("dashboard:return-list"), returns_counted()
    context = {
        "form": form,
        "scan_form": forms.ScanForm(auto_id="scan_%s"),
        "keep": {"view": view},
        "reset_url": f"{link}?view={view}" if is_narrowed else "",
        "page_obj": page,
        "rows": [return_row(back) for back in page],
        "tabs": [
            {
                "name": one.name,
                "url": f"{link}?view={one.code}",
                "count": counts[one.code],
                "is_current": one.code == view,
            }
            for one in VIEWS.values()
        ],
        "may_see_rules": may(request.user, "return-policy-list"),
        "refurbishing": lines_refurbishing().count(),
        "complaints": Complaint.objects.filter(closed_at__isnull=True).count(),
    }
    return render(request, "returns/office/list.html", context)


def return_scan(request: HttpRequest) -> HttpResponse:
    """To the return that was scanned; to the list of them where it may be several or none."""
    form = forms.ScanForm(request.GET or None)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    found = returns_scanned(code) if code else []
    if len(found) == 1:
        return redirect("dashboard:return-detail", number=Return.objects.get(pk=found[0]).number)
    query = urlencode({"view": "all", "q": code[:120]}) if code else ""
    return redirect(f"{reverse('dashboard:return-list')}?{query}")


def return_detail(
    request: HttpRequest, number: str, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One return: its lines, photos and story on the left, person, order and money on the right.

    ``bound``: a form that was refused, by its name, so that nothing typed is lost.
    """
    back = get_object_or_404(returns_read(), number=number)
    lines = list(back.lines.all())
    proposal = proposal_of(back) if back.state == ReturnState.INSPECTED else None
    steps = steps_of(back, request.user, proposal)
    inspect_form = (bound or {}).get("inspect_form") or forms.InspectForm(
        lines=lines, auto_id="inspect_%s"
    )
    context = {
        "back": back,
        "way_back": way_back("Returns", back.state),
        "tone": TONES.get(ReturnState(back.state), ""),
        "lines": [line_row(line, inspect_form) for line in lines],
        "photos": list(back.photos.all()),
        "story": story_of(back),
        "customer": customer_name(back),
        "proposal": proposal,
        "kept": kept_of(back),
        "waiting": back.refund_asks.filter(state=RequestState.WAITING)
        .select_related("asked_by")
        .first(),
        "may_see_asks": may(request.user, "refund-ask-list"),
        "complaint": Complaint.objects.filter(back=back).first(),
        "steps": steps,
        "has_slip": back.state in SENT_WITH_SLIP,
        "may_see_orders": may(request.user, "order-list"),
        "may_see_stock": may(request.user, "stock-detail"),
        "refuse_form": forms.RefuseForm(auto_id="refuse_%s"),
        "cancel_form": forms.RefuseForm(auto_id="cancel_%s"),
        "receive_form": forms.ReceiveForm(auto_id="receive_%s"),
        "repaired_form": forms.RepairedForm(auto_id="repaired_%s"),
        "close_form": forms.CloseForm(auto_id="close_%s"),
        "refund_form": refund_form(back, proposal) if proposal else None,
    } | (bound or {})
    context["inspect_form"] = inspect_form
    status = 422 if bound else 200
    return render(request, "returns/office/detail.html", context, status=status)


def return_photo(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    photo = get_object_or_404(ReturnPhoto, back__number=number, pk=min(pk, MAX_ID))
    return photo_response(photo)


def steps_of(back: Return, user: Any, proposal: Proposal | None) -> dict[str, bool]:
    """Each step by its name, True when it is legal now and ``user`` may take it."""
    steps = {
        step: state in NEXT[back.state] and may(user, f"return-{step}", "POST")
        for step, state in STEPS.items()
    }
    kept = kept_of(back)
    is_kept = kept is not None and kept.status == OrderState.PENDING
    steps["exchange"] = steps["exchange"] and is_kept
    steps["label"] = (
        back.state in SENT_WITH_SLIP and back.label_id is None and may(user, "return-label", "POST")
    )
    steps["repair"] = steps["repair"] and back.wish != Wish.EXCHANGE
    steps["refund"] = steps["refund"] and proposal is not None and proposal.total > 0
    return steps


def kept_of(back: Return) -> Order | None:
    """The order that is kept in exchange for it."""
    link = LinkedOrder.objects.filter(back=back).select_related("order").first()
    return link.order if link else None


def refund_form(back: Return, proposal: Proposal, data: Any = None) -> forms.RefundForm:
    return forms.RefundForm(
        data,
        most=proposal.total,
        offered=proposal.offered,
        currency=back.order.currency,
        wish=back.wish,
        is_member=back.order.user_id is not None,
        auto_id="refund_%s",
    )


def return_row(back: Return) -> dict[str, Any]:
    """What a table shows of it."""
    lines = list(back.lines.all())
    return {
        "back": back,
        "tone": TONES.get(ReturnState(back.state), ""),
        "customer": customer_name(back),
        "lines": lines,
        "reasons": list(dict.fromkeys(line.get_reason_display() for line in lines)),
        "photos": len(back.photos.all()),
    }


def line_row(line: ReturnLine, form: forms.InspectForm) -> dict[str, Any]:
    sold = line.order_line
    return {
        "line": line,
        "sold": sold,
        "title": sold.product.get_title() if sold.product else sold.title,
        "picture": picture_of(sold.product) if sold.product else None,
        "found": found_words(line),
        "fields": form.fields_of(line),
        "worse": form.worse_of(line),
    }


def story_of(back: Return) -> list[dict[str, Any]]:
    """Who did what, newest first."""
    labels = dict(ReturnState.choices)
    return [
        {
            "title": labels[one.state],
            "note": one.note,
            "at": one.at,
            "tone": TONES.get(ReturnState(one.state), ""),
            "by": (one.by.get_full_name() or one.by.email)
            if one.by
            else ("" if one.by_shop else masked(back.order.email, "email")),
        }
        for one in reversed(back.moments.all())
    ]


def customer_name(back: Return) -> str:
    address = back.order.shipping_address
    name = name_shown(address.first_name, address.last_name) if address else ""
    return masked(name, "name") or masked(back.order.email, "email")
