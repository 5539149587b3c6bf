"""Changing an order before it is packed: fewer units, a better address. More units: `orders.additions`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.models import Kind
from orders.additions.selectors import addition_waiting
from orders.checkout.countries import address_lines
from orders.exceptions import EditRefused
from orders.fulfilment.consigning import consignments_trim
from orders.handover.selectors import kind_of_line, lines_with_kinds
from orders.life.asking import asked_anew, waiting_at_provider
from orders.life.cutting import line_cut
from orders.life.models import EventKind, OrderEvent, Source
from orders.life.selectors import EDITABLE, has_left
from orders.life.settling import order_settle_cut, refuse_what_is_away
from orders.locks import order_lock
from orders.models import Line, Order
from orders.papers.services import Cut, invoice_issue, reduction_issue
from orders.refunds.selectors import lines_left, lines_waiting
from payments.exceptions import PaymentError
from payments.models import HOPED, is_addition
from payments.selectors import intents_of_order, standing
from payments.services import intent_lower, is_lowerable, refunds_request
from shop.core.events import OrderEdited
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, rounded
from shop.core.outbox import emit
from supply.services import stock_release

REST_ENDED = "rest"  # facts["step"]: what had not left is not to come any more
REFUND_REASON = gettext_noop("Taken out of the order")


@retry_on_conflict
def order_lines_edit(
    *,
    order: Order,
    quantities: Mapping[int, int],
    key: UUID,
    user: Any = None,
    source: str = Source.OFFICE,
    is_rest: bool = False,
) -> bool:
    """Leave so many units of each line (by its id; 0 takes it out), never more than there are.

    Prices, discounts and delivery stay as agreed. The units are free again, and the difference goes
    back or is no longer asked for. What left and what is in a box stays; if that is all, the order is
    packed, shipped or delivered by it. ``is_rest``: told as the end of what was still to come. False
    when this ``key`` was done before. Raises ``EditRefused`` with words for the clerk; nothing is then
    changed.
    """
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        if OrderEvent.objects.filter(key=key).exists():
            return False
        refuse_what_is_packed(order)
        lines = {line.pk: line for line in lines_with_kinds(order)}
        wanted = _wanted(lines, quantities)
        _refuse_what_cannot_be_cut(wanted)
        _refuse_what_waits_for_a_yes(wanted)
        facts: dict[str, Any] = {"lines": [_noted(line, left) for line, left in wanted.items()]}
        if is_rest:
            facts["step"] = REST_ENDED
        freed = {
            line: min(line.num_allocated, line.quantity - left) for line, left in wanted.items()
        }
        units = _units(freed)
        refuse_what_is_away(order, wanted)
        claims = _claims(order, wanted)
        consignments_trim(order, freed)
        before = [
            (line, line.quantity - left, line.line_price_incl_tax) for line, left in wanted.items()
        ]
        try:
            for line, left in wanted.items():
                line_cut(order, line, left=left)
        except ProtectedError as error:
            text = _("A line of it is needed elsewhere and cannot be taken out.")
            raise EditRefused(text) from error
        less = totals_anew(order)
        # Never more than a line cost: what went back for it before counts for the units that stay first.
        known = sum((max(was - line.line_price_incl_tax, ZERO) for line, was in claims), ZERO)
        money = money_settle(order, less - known, key, user)
        facts |= {"less": str(less), "money": money}
        stock_release(units=units)
        told(order, EventKind.LINES, facts, key, user, source)
        if money == "lowered":
            cuts = [Cut(line, gone, was - line.line_price_incl_tax) for line, gone, was in before]
            reduction_issue(order=order, key=key, amount=less - known, cuts=cuts)
        invoice_issue(order_number=order.number)  # what was taken of it before may be all by now
        _refuse_to_forget_an_addition(order)
        order_settle_cut(order, user=user, source=source)
    return True


@retry_on_conflict
def order_address_edit(
    *, order: Order, columns: Mapping[str, Any], key: UUID, user: Any = None
) -> bool:
    """Send it to another door in the same country and region of tax.

    False when this ``key`` was done before. Raises ``EditRefused`` with words for the clerk.
    """
    order = order_lock(order_id=order.pk)
    if OrderEvent.objects.filter(key=key).exists():
        return False
    refuse_what_is_packed(order)
    address = order.shipping_address
    if address is None:
        raise EditRefused(_("This order goes nowhere: it needs no parcel."))
    is_near = columns["country_id"] == address.country_id
    sums = getattr(order, "sums", None)
    if is_near and sums is not None and sums.tax_region:
        is_near = columns["state"] == address.state
    if not is_near:
        text = _(
            "Tax and delivery were reckoned for the old country or state. Cancel the order and place it anew."
        )
        raise EditRefused(text)
    with translation.override("en"):
        was = [*address_lines(address)[:-1], address.country_id]
    if all(getattr(address, name) == value for name, value in columns.items() if name != "notes"):
        raise EditRefused(_("Nothing is different."))
    for name, value in columns.items():
        if name != "notes":
            setattr(address, name, value)
    address.save()
    told(order, EventKind.ADDRESS, {"was": was}, key, user)
    return True


def refuse_what_is_packed(order: Order) -> None:
    """Under the order's lock, as those below."""
    if order.status not in EDITABLE:
        raise EditRefused(_("Only an order that is not packed yet can be changed."))


def refuse_what_is_boxed(order: Order) -> None:
    """What left in an earlier parcel stands in nobody's way."""
    if order.shipments.filter(shipped_at__isnull=True).exists():
        raise EditRefused(_("Some of it is in a parcel already. Take it out of the box first."))


def _wanted(lines: Mapping[int, Line], quantities: Mapping[int, int]) -> dict[Line, int]:
    """The lines that change, with what is to be left of them."""
    if not quantities.keys() <= lines.keys():
        raise EditRefused(_("The order was changed meanwhile. Please look again."))
    wanted = {}
    for pk, left in quantities.items():
        line = lines[pk]
        if not 0 <= left <= line.quantity:
            raise EditRefused(_("There can only be fewer units than were ordered."))
        if left != line.quantity:
            wanted[line] = left
    if not wanted:
        raise EditRefused(_("Nothing is different."))
    stays = sum(line.quantity for line in lines.values()) - sum(
        line.quantity - left for line, left in wanted.items()
    )
    if not stays:
        raise EditRefused(_("Nothing would be left. Cancel the order instead."))
    return wanted


def _refuse_what_cannot_be_cut(wanted: Mapping[Line, int]) -> None:
    if any(kind_of_line(line) != Kind.GOODS for line in wanted):
        raise EditRefused(_("Downloads, services and gift cards cannot be taken out."))


def _refuse_what_waits_for_a_yes(wanted: Mapping[Line, int]) -> None:
    """Money asked back for a line counts for what is taken out of it, unless somebody then says no."""
    if lines_waiting(wanted):
        text = _("A refund of it waits for a second person. It has to be decided on first.")
        raise EditRefused(text)


def _refuse_to_forget_an_addition(order: Order) -> None:
    """What was added and is not paid yet cannot leave with an order of which nothing is here."""
    is_here = order.lines.filter(num_allocated__gt=0).exists()
    if has_left(order) and not is_here and addition_waiting(order) is not None:
        text = _("Something added before still waits for its payment. Withdraw it first.")
        raise EditRefused(text)


def _claims(order: Order, wanted: Mapping[Line, int]) -> list[tuple[Line, Decimal]]:
    """What was asked back before for each line that stays in part; one that was is not taken out whole."""
    left = {one.line.pk: one.amount for one in lines_left(order)}
    return [
        (line, line.line_price_incl_tax - left[line.pk]) for line, units in wanted.items() if units
    ]


def _noted(line: Line, left: int) -> dict[str, Any]:
    return {"title": line.title, "product": line.product_id, "was": line.quantity, "now": left}


def _units(freed: Mapping[Line, int]) -> dict[int, int]:
    units: dict[int, int] = {}
    for line, number in freed.items():
        if number and line.stockrecord_id is not None:
            units[line.stockrecord_id] = units.get(line.stockrecord_id, 0) + number
    return units


def totals_anew(order: Order) -> Decimal:
    """Add the order up again; what it costs less than before, taxes included."""
    sums = order.lines.aggregate(incl=Sum("line_price_incl_tax"), excl=Sum("line_price_excl_tax"))
    more = order.surcharges.aggregate(incl=Sum("incl_tax"), excl=Sum("excl_tax"))
    was = order.total_incl_tax
    order.total_incl_tax = sums["incl"] + (more["incl"] or ZERO) + order.shipping_incl_tax
    order.total_excl_tax = sums["excl"] + (more["excl"] or ZERO) + order.shipping_excl_tax
    order.save(update_fields=["total_incl_tax", "total_excl_tax"])
    total, own = order.total_incl_tax, getattr(order, "sums", None)
    if own is not None:  # orders of earlier times have no row
        is_own = own.rate_day is None
        own.total_own = total if is_own else rounded(total / own.rate, own.own_currency)
        own.save(update_fields=["total_own"])
    return was - total


def money_settle(order: Order, less: Decimal, key: UUID, user: Any) -> str:
    """Send the difference back, or ask for less: ``refund``, ``lowered``, or nothing of both.

    What was authorised to be taken as the goods leave stays: less of it is then taken. What is missing
    because such an authorisation ended was never paid, so that it does not go back. An order that still
    waited for money, and is covered by what came, is paid. Raises ``PaymentInTheWay`` where a provider's
    page may be paid right now: `orders.life.asking`.
    """
    from orders.services.paying import order_settle_covered

    answer = _less_settle(order, less, key, user)
    if answer == "lowered":
        order_settle_covered(order)
    return answer


def _less_settle(order: Order, less: Decimal, key: UUID, user: Any) -> str:
    from orders.services.unpaid import unpaid_at

    intents = intents_of_order(order.number)
    money = standing(intents)
    if not less or not money.possible:
        return ""
    asked = [one for one in intents if one.state in HOPED and not is_addition(one)]
    waiting = next((one for one in asked if one.amount > less), None)
    is_ours = waiting is not None and is_lowerable(waiting)
    try:
        if less <= money.promised:
            return "lowered"
        if waiting is None or (not is_ours and money.kept >= less):
            less -= unpaid_at(order, intents, order.total_incl_tax + less)
            if less <= 0:
                return "lowered"
            refunds_request(
                order_number=order.number,
                amount=less,
                reason=REFUND_REASON,
                key=f"edit-{key}",
                user=user,
            )
            return "refund"
        if waiting is waiting_at_provider(order, intents):
            asked_anew(intents, waiting, waiting.amount - less)
        else:
            intent_lower(intent=waiting, amount=waiting.amount - less)
    except PaymentError as error:
        text = _(
            "The payment stands in the way: the customer was asked for the whole sum, or it went back already."
        )
        raise EditRefused(text) from error
    return "lowered"


def told(
    order: Order,
    kind: EventKind,
    facts: dict,
    key: UUID | None,
    user: Any,
    source: str = Source.OFFICE,
) -> None:
    """Keep what was changed, and tell the customer."""
    event = OrderEvent.objects.create(
        order=order, kind=kind, facts=facts, key=key, actor=user, source=source
    )
    emit(OrderEdited(order_id=order.pk, order_number=order.number, event_id=event.pk))
