"""The list of orders and one order. What changes them is in `shop.dashboard.orders.actions`."""

from typing import Any

from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from orders.additions.selectors import is_awaited
from orders.discount_words import discounts_named
from orders.life.moments import LANES
from orders.life.selectors import hold_of, messages_of
from orders.life.timeline import order_timeline
from orders.models import Line, Order
from orders.papers.selectors import papers_of
from orders.returns.selectors import links_of
from orders.services.unpaid import rest_waiting, unpaid_of
from orders.states import HOLDING, OrderState
from orders.tax_words import order_taxes
from payments.bank.models import Payout
from payments.bank.selectors import is_short
from payments.gateways import gateway
from payments.models import HOPED, PaymentIntent, RefundState
from payments.selectors import held_of, intents_of_order, standing
from payments.services import is_by_hand
from shop.core.office import may
from shop.core.steps import way_back
from shop.dashboard.orders import forms
from shop.dashboard.orders.around import neighbours
from shop.dashboard.orders.parcels import parcels_of
from shop.dashboard.orders.person import person_of
from shop.dashboard.orders.steps import boxes_here, is_bookable, steps_of

PAGE_SIZE = 40
LINES_SHOWN = 3


def order_detail(
    request: HttpRequest, number: str, *, bound: dict[str, Any] | None = None
) -> HttpResponse:
    """One order: its story and lines on the left, person and money on the right.

    ``bound``: a form that was refused, by its name, so that nothing typed is lost.
    """
    order = get_object_or_404(
        Order.objects.select_related(
            "user",
            "shipping_address__country",
            "billing_address",
            "facts",
            "sums",
            "draft__taken_by",
            "fraud",
        ).annotate(is_awaited=is_awaited()),
        number=number,
    )
    intents = intents_of_order(order.number)
    for intent in intents:
        intent.paid_by = gateway(intent.gateway).label
        intent.is_askable = gateway(intent.gateway).is_hosted
        intent.is_short = intent.state in HOPED and is_short(intent)
        # Of a transfer in parts the rest comes with a line of a statement, too, or is written off.
        intent.is_bookable = is_bookable(intent) and not intent.is_short
        intent.held = held_of(intent)
        intent.may_capture = bool(intent.held) and may(request.user, "capture-retry", "POST")
    _payouts_note(intents)
    money = standing(intents)
    lane = request.GET.get("lane", "") if request.GET.get("lane") in LANES else ""
    written = list(messages_of(order))
    lines, hold = _lines_with_stock(order), hold_of(order)
    shipments = parcels_of(order)
    is_partly_sent = order.status in HOLDING and any(one.shipped_at for one in shipments)
    may_see_papers = may(request.user, "paper-file")
    # What needed no parcel is taken back job by job, where it was handed over.
    is_sent = bool(shipments) or order.status == OrderState.CANCELLED
    context = {
        "order": order,
        "way_back": way_back("Orders: states", order.status) if is_sent else "",
        "status_name": OrderState(order.status).label,
        "hold": hold,
        "lines": lines,
        "taxes": order_taxes(order, lines, is_added=False),
        "shipments": shipments,
        "is_partly_sent": is_partly_sent,
        "unpaid": unpaid_of(order) if is_partly_sent else None,
        "rest_due": rest_waiting(order) if is_partly_sent else None,
        "may_ask_rest": may(request.user, "order-rest-ask", "POST"),
        "intents": intents,
        "refundable": money.kept,
        "covered": money.covered,
        "promised": money.promised,
        "moments": order_timeline(order, lane=lane),
        "lane": lane,
        "lanes": _lanes(request, lane),
        "messages_shown": written,
        "is_answer_due": any(not one.is_ours and not one.closed_at for one in written),
        "discounts": discounts_named(order.discounts.all()),
        "may_see_money": may(request.user, "payment-list"),
        "may_name_account": may(request.user, "payout-account", "POST"),
        "may_see_books": may(request.user, "book-order"),
        "may_see_stock": may(request.user, "stock-detail"),
        "person": person_of(order),
        "may_see_customer": may(request.user, "user-detail"),
        "may_see_papers": may_see_papers,
        "may_print": may(request.user, "order-slip"),
        "papers": papers_of(order) if may_see_papers else [],
        "may_send": may(request.user, "parcels-buy", "POST"),
        "may_note": may(request.user, "order-note", "POST"),
        "may_see_fraud": may(request.user, "fraud-detail"),
        "may_repeat": may(request.user, "draft-again", "POST"),
        "may_return": may(request.user, "return-start", "POST")
        and any(one.shipped_at for one in shipments),
        "may_send_again": may(request.user, "parcel-again", "POST"),
        "linked": links_of(order),
        "neighbours": neighbours(order, user=request.user),
        "may_claim": may(request.user, "claim-new"),
        "may_write": may(request.user, "order-message", "POST"),
        "message_form": forms.MessageForm(auto_id="message_%s"),
        "steps": steps_of(order=order, intents=intents, hold=hold, user=request.user),
        "note_form": forms.NoteForm(auto_id="note_%s"),
        "ship_form": forms.ShipForm(boxes=boxes_here(order), auto_id="ship_%s"),
        "hold_form": forms.HoldForm(auto_id="hold_%s"),
        "release_form": forms.ReleaseForm(auto_id="release_%s"),
        "cancel_form": forms.CancelForm(auto_id="cancel_%s"),
        "rest_form": forms.RestForm(auto_id="rest_%s"),
        "refund_form": forms.RefundForm(
            left=money.kept, currency=order.currency, auto_id="refund_%s"
        ),
    } | (bound or {})
    status = 422 if bound else 200
    return render(request, "oscar/dashboard/orders/order_detail.html", context, status=status)


def _payouts_note(intents: list[PaymentIntent]) -> None:
    """What a person has to send, and to which account as far as it may be read."""
    rows = [one for intent in intents for one in intent.refunds.all()]
    rows = [one for one in rows if one.state == RefundState.PENDING and is_by_hand(one)]
    named = Payout.objects.in_bulk([one.pk for one in rows]) if rows else {}
    for one in rows:
        one.is_by_hand = True
        one.account_shown = named[one.pk].shown if one.pk in named else ""


def _lanes(request: HttpRequest, current: str) -> list[dict]:
    """The lanes of the story as `components/tabs.html` takes them."""
    names = {"": _("All lanes"), "information": _("Information"), "money": _("Money")}
    names["goods"] = _("Goods")
    return [
        {
            "name": name,
            "url": f"{request.path}?lane={lane}#story" if lane else f"{request.path}#story",
            "count": "",
            "is_current": lane == current,
        }
        for lane, name in names.items()
    ]


def _lines_with_stock(order: Order) -> list[Line]:
    lines = order.lines.select_related("product__parent", "stockrecord").order_by("pk")
    left = Sum("shipped_in__quantity", filter=Q(shipped_in__shipment__shipped_at__isnull=False))
    return list(lines.annotate(units_shipped=left))
