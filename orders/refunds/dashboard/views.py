"""Asking for refunds, the queue of those that wait for a second person, and the limits of roles."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from orders.fulfilment.models import PARCEL_KINDS, Shipment, TroubleKind
from orders.fulfilment.troubles import parcel_paid_back
from orders.models import Order
from orders.refunds import services
from orders.refunds.dashboard.forms import AskForm, DeclineForm, LimitsForm
from orders.refunds.exceptions import RequestRefused
from orders.refunds.models import RefundLimit, RefundRequest, RequestState
from orders.refunds.selectors import delivery_left, left_of, limit_of, lines_left
from payments.ledger.models import WriteOffLimit
from payments.ledger.services import write_off_limit_save
from payments.models import Refund, RefundState
from payments.services import is_by_hand, refund_send
from payments.targets import targets_for
from payments.wallets.kinds import AS_CREDIT
from shop.core.office import may
from shop.core.templatetags.money import money

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
VIEWS = {
    "waiting": (gettext_lazy("Waiting"), RequestState.WAITING),
    "approved": (gettext_lazy("Approved"), RequestState.APPROVED),
    "refused": (gettext_lazy("Declined"), RequestState.REFUSED),
}


def ask_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "waiting"
    rows = RefundRequest.objects.filter(state=VIEWS[view][1])
    rows = rows.select_related("order", "asked_by", "decided_by", "back")
    rows = rows.prefetch_related("lines__order_line__product__parent")
    order = ("asked_at", "pk") if view == "waiting" else ("-asked_at", "-pk")
    page = Paginator(rows.order_by(*order), PAGE_SIZE).get_page(request.GET.get("page"))
    may_decide = may(request.user, "refund-ask-approve", "POST")
    for one in page:
        one.is_theirs = one.asked_by_id == request.user.pk
        one.can_decide = may_decide and one.state == RequestState.WAITING
    link = reverse("dashboard:refund-ask-list")
    tabs = [
        {"name": name, "url": f"{link}?view={code}", "is_current": code == view}
        for code, (name, _state) in VIEWS.items()
    ]
    context = {
        "page_obj": page,
        "tabs": tabs,
        "may_decide": any(one.can_decide and not one.is_theirs for one in page),
        "may_set_limits": may(request.user, "refund-limits"),
    }
    return render(request, "refunds/office/ask_list.html", context)


def ask_new(request: HttpRequest, number: str) -> HttpResponse:
    """By line, delivery or amount; to the payer or to another target.

    ``parcel``: one that did not arrive; its units are filled in, and its exception ends with it.
    """
    order = get_object_or_404(Order.objects.select_related("sums"), number=number)
    parcel = _failed_parcel(order, request.GET.get("parcel", ""))
    form = AskForm(
        request.POST or None,
        initial=_of_parcel(order, parcel) if parcel else None,
        lines=lines_left(order),
        targets=targets_for(order_number=order.number),
        has_delivery=delivery_left(order) > 0,
        auto_id="ask_%s",
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            asked = services.refund_ask(
                order=order,
                reason=data["reason"],
                key=data["key"],
                user=request.user,
                amount=data.get("amount"),
                units=form.units(),
                with_delivery=bool(data.get("with_delivery")),
                target=data.get("target") or "",
            )
        except RequestRefused as error:
            form.add_error(None, error.message)
        else:
            refunds_send_and_tell(request, asked)
            if parcel is not None:
                parcel_paid_back(parcel=parcel, user=request.user)
                return redirect("dashboard:trouble-list")
            return redirect("dashboard:order-detail", number=number)
    limit = limit_of(request.user)
    context = {
        "order": order,
        "parcel": parcel,
        "form": form,
        "left": left_of(order),
        "limit": limit,
        "own_currency": settings.OSCAR_DEFAULT_CURRENCY,
    }
    status = 422 if form.errors else 200
    return render(request, "refunds/office/ask_new.html", context, status=status)


def _failed_parcel(order: Order, asked: str) -> Shipment | None:
    """Of this order, with an exception that waits; anything else is left out."""
    if not (asked.isascii() and asked.isdigit()):
        return None
    rows = order.shipments.filter(
        pk=asked[:18], trouble__kind__in=PARCEL_KINDS, trouble__closed_at__isnull=True
    )
    return rows.prefetch_related("lines").first()


def _of_parcel(order: Order, parcel: Shipment) -> dict[str, object]:
    """All that was in it; with delivery where nothing of the order arrived."""
    with override("en"):  # kept in English, shown in the reader's language
        reason = str(TroubleKind(parcel.trouble_set.latest("pk").kind).label)
    arrived = order.shipments.exclude(pk=parcel.pk).filter(failed="").exists()
    able = {one.line.pk: one.units for one in lines_left(order)}
    units = {
        f"line-{line.order_line_id}": min(line.quantity, able.get(line.order_line_id, 0))
        for line in parcel.lines.all()
    }
    return {"reason": reason, "with_delivery": not arrived, **units}


def approve(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(pk)
    try:
        services.refund_approve(asked=asked, user=request.user)
    except RequestRefused as error:
        messages.error(request, error.message)
    else:
        refunds_send_and_tell(request, _asked(pk))
    return redirect("dashboard:refund-ask-list")


def decline(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(pk)
    form = DeclineForm(request.POST)
    try:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        services.refund_decline(asked=asked, user=request.user, why=why)
    except RequestRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Declined. It stands on the order with your reason."))
    return redirect("dashboard:refund-ask-list")


def limits(request: HttpRequest) -> HttpResponse:
    """How much each role may send back of one order without a second person, and may write off."""
    back = _limits_form(
        request, ("approve_refundrequest", "add_refundrequest"), RefundLimit, "limit"
    )
    off = _limits_form(request, ("add_writeoff",), WriteOffLimit, "off")
    if request.method == "POST" and back.is_valid() and off.is_valid():
        for form, save in ((back, services.limit_save), (off, write_off_limit_save)):
            for group in form.groups:
                save(group_id=group.pk, amount=form.cleaned_data[f"group-{group.pk}"])
        messages.success(request, _("Saved."))
        return redirect("dashboard:refund-limits")
    context = {
        "form": back,
        "off_form": off,
        "own": _own_limits(back),
        "own_off": _own_limits(off),
        "general": settings.REFUND_LIMIT,
        "general_off": settings.WRITE_OFF_LIMIT,
        "own_currency": settings.OSCAR_DEFAULT_CURRENCY,
    }
    status = 422 if back.errors or off.errors else 200
    return render(request, "refunds/office/limits.html", context, status=status)


def _limits_form(
    request: HttpRequest, able: tuple[str, ...], model: type[Model], name: str
) -> LimitsForm:
    """An amount for each role with one of these rights, as ``model`` has it now."""
    groups = Group.objects.filter(permissions__codename__in=able).distinct().order_by("pk")
    own = dict(model.objects.values_list("group_id", "amount"))
    return LimitsForm(
        request.POST or None,
        groups=groups,
        initial={f"group-{pk}": amount for pk, amount in own.items()},
        auto_id=f"{name}_%s",
        prefix="" if name == "limit" else name,
    )


def _own_limits(form: LimitsForm) -> list[tuple[str, int]]:
    """Roles with a limit of their own: name and key."""
    return [(_(one.name), one.pk) for one in form.groups if f"group-{one.pk}" in form.initial]


def refunds_send_and_tell(request: HttpRequest, asked: RefundRequest) -> None:
    """Ask the providers for what was approved, and say what they answered."""
    if asked.state != RequestState.APPROVED:
        amount = money(asked.amount, asked.order.currency)
        text = _("The refund of %(amount)s is above your limit and waits for a colleague.")
        messages.warning(request, text % {"amount": amount})
        return
    for made in services.refunds_of_request(asked):
        made = refund_send(refund=made)
        amount = money(made.amount, made.intent.currency)
        if made.state == RefundState.DONE and made.target == AS_CREDIT:
            messages.success(request, _("%(amount)s is store credit now.") % {"amount": amount})
        elif made.state == RefundState.DONE:
            messages.success(request, _("%(amount)s is on its way back.") % {"amount": amount})
        elif made.state == RefundState.REFUSED:
            text = _("The provider refused to send %(amount)s back: %(error)s")
            messages.error(request, text % {"amount": amount, "error": made.last_error})
        elif is_by_hand(made):
            messages.info(request, by_hand_said(made))
        else:
            text = _("The refund of %(amount)s is kept; the provider is asked again by itself.")
            messages.warning(request, text % {"amount": amount})


def by_hand_said(made: Refund) -> str:
    """Of a transfer or cash: that it waits for an account, and then for finance."""
    text = _("%(amount)s waits for an account: the customer is asked for it by mail.")
    return text % {"amount": money(made.amount, made.intent.currency)}


def _asked(pk: int) -> RefundRequest:
    return get_object_or_404(
        RefundRequest.objects.select_related("order", "back"), pk=min(pk, MAX_ID)
    )
