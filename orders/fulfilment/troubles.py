"""The exceptions queue: what went wrong, and the steps that end each."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import NoRoute, StepRefused
from orders.fulfilment.addresses import address_problem
from orders.fulfilment.boxes import units_to_box
from orders.fulfilment.consigning import (
    consignment_give,
    consignment_move,
    consignment_settle,
    consignments_make,
    consignments_void,
    shortage_cut,
)
from orders.fulfilment.failing import parcel_fail, parcel_turn_up
from orders.fulfilment.models import (
    PARCEL_KINDS,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Failure,
    Outcome,
    Shipment,
    Trouble,
    TroubleKind,
)
from orders.fulfilment.models.troubles import NEXT_STEPS
from orders.fulfilment.noting import trouble_note, troubles_end
from orders.life.models import Source
from orders.life.settling import is_packable, order_settle_arrival, order_settle_packed
from orders.locks import order_lock
from orders.models import Order
from orders.selectors import address_known
from payments.selectors import orders_with_money
from shop.core.locks import retry_on_conflict
from supply.exceptions import OutOfStock
from supply.models import Warehouse


@retry_on_conflict
def order_route_or_note(*, order_number: str) -> bool:
    """Route a paid order; what stands in the way is put into the queue. False: nothing was routed."""
    order = order_lock(number=order_number)
    address = address_known(order) if is_packable(order) else None
    if address is None:
        return False
    if problem := address_problem(address):
        trouble_note(order, TroubleKind.ADDRESS, words=problem)
    try:
        return bool(consignments_make(order))
    except NoRoute:
        trouble_note(order, TroubleKind.NO_STOCK)
        return False


@retry_on_conflict
def trouble_open(
    *, kind: TroubleKind, parcel: Shipment, words: str = "", user: Any = None
) -> Trouble:
    """Something is wrong with a parcel that left. The same twice is one."""
    order = order_lock(order_id=parcel.order_id)
    return trouble_note(order, kind, parcel=parcel, words=words, user=user)


@retry_on_conflict
@transaction.atomic
def trouble_close(*, trouble: Trouble, outcome: Outcome, words: str = "", user: Any = None) -> bool:
    """End it in one of the ways that its kind allows. False if somebody was faster.

    Raises ``StepRefused`` when that is not possible as things stand; it stays in the queue then.
    """
    order = order_lock(order_id=trouble.order_id)
    trouble = Trouble.objects.select_related("consignment_line__consignment", "shipment").get(
        pk=trouble.pk
    )
    if trouble.closed_at:
        return False
    if outcome not in NEXT_STEPS[trouble.kind]:
        raise StepRefused(_("It cannot be ended like that."))
    if trouble.kind == TroubleKind.SHORT and trouble.consignment_line:
        _end_shortage(order, trouble.consignment_line, outcome, user)
    elif trouble.kind in PARCEL_KINDS and trouble.shipment is not None:
        _end_parcel(order, trouble, outcome, user)
    elif outcome == Outcome.REROUTED:
        _route(order, user=user)
    elif trouble.kind == TroubleKind.ADDRESS:
        address = order.shipping_address
        if problem := address_problem(address) if address else "":
            raise StepRefused(problem)
    trouble.outcome, trouble.closing = outcome, words[:300]
    trouble.closed_at, trouble.closed_by = timezone.now(), user
    trouble.save()
    if trouble.kind in PARCEL_KINDS:
        order_settle_arrival(order, user=user, source=Source.OFFICE)
    return True


@retry_on_conflict
@transaction.atomic
def parcel_paid_back(*, parcel: Shipment, user: Any) -> int:
    """Money for it was asked back, so its exceptions are over; how many were."""
    order_lock(order_id=parcel.order_id)
    rows = Trouble.objects.filter(
        shipment=parcel, closed_at__isnull=True, kind__in=PARCEL_KINDS
    ).select_related("order")
    return sum(
        trouble_close(trouble=one, outcome=Outcome.PAID, user=user)
        for one in rows
        if is_paid_back(one)
    )


def is_sent_again(parcel: Shipment) -> bool:
    """Whether another order holds what was in it (`orders.returns`)."""
    return hasattr(parcel, "sent_again")


def is_paid_back(trouble: Trouble) -> bool:
    """Whether money was asked back for its order since it went wrong, or none of it is kept."""
    return trouble.pk in troubles_paid_back([trouble])


def troubles_paid_back(troubles: Iterable[Trouble]) -> set[int]:
    """Ids of those for which money was asked back (`orders.refunds`), or of whose orders none is kept.

    Two queries, and none where no parcel failed.
    """
    rows = {one.pk: one for one in troubles if one.kind in PARCEL_KINDS}
    if not rows:
        return set()
    asked = Trouble.objects.filter(
        pk__in=rows, order__refund_asks__asked_at__gte=F("opened_at")
    ).exclude(order__refund_asks__state="refused")
    paid = set(asked.values_list("pk", flat=True))
    kept = orders_with_money(one.order.number for one in rows.values())
    return paid | {pk for pk, one in rows.items() if one.order.number not in kept}


def _end_parcel(order: Order, trouble: Trouble, outcome: Outcome, user: Any) -> None:
    """Only by what was done: words alone send nothing and pay nobody."""
    parcel = trouble.shipment
    trouble.order = order
    if outcome == Outcome.AGAIN and not is_sent_again(parcel):
        raise StepRefused(_("Send it again first: that makes the order that replaces it."))
    if outcome == Outcome.PAID and not is_paid_back(trouble):
        raise StepRefused(_("Pay it back first: nothing was sent back since it went wrong."))
    if outcome == Outcome.CAME and parcel.failed == Failure.RETURNED:
        raise StepRefused(_("The carrier sent it back to us."))
    if outcome == Outcome.CAME:
        parcel_turn_up(parcel, user=user)
        if parcel.delivered_at is None:
            parcel.delivered_at = timezone.now()
            parcel.save(update_fields=["delivered_at"])
    elif not parcel.failed:  # nobody but its receiver said so; the carrier may still know better
        parcel_fail(order, parcel, trouble.kind)


@retry_on_conflict
@transaction.atomic
def consignment_reroute(
    *, consignment: Consignment, warehouse: Warehouse, words: str = "", user: Any = None
) -> Consignment:
    """By hand: another warehouse sends it. Raises ``StepRefused`` once something of it was picked,
    or when the other one has not got it.
    """
    order = order_lock(order_id=consignment.order_id)
    consignment = Consignment.objects.select_related("warehouse").get(pk=consignment.pk)
    lines = list(consignment.lines.select_related("order_line"))
    movable = (ConsignmentState.ROUTED, ConsignmentState.PICKING)
    if consignment.state not in movable or any(one.picked or one.missing for one in lines):
        raise StepRefused(_("It is being picked or packed already, so it stays where it is."))
    if consignment.parcels.exists():
        raise StepRefused(_("Some of it is in a box already. Take it out first."))
    if warehouse.pk == consignment.warehouse_id:
        raise StepRefused(_("This warehouse sends it already."))
    if not warehouse.is_sellable:
        raise StepRefused(_("This warehouse sends nothing."))
    units = {one.order_line_id: one.quantity for one in lines}
    consignments_void(order, only=[consignment])
    try:
        made = consignment_give(order, warehouse=warehouse, units=units, words=words, user=user)
    except OutOfStock as error:
        raise StepRefused(_("That warehouse does not hold all of it.")) from error
    troubles_end(order, Outcome.REROUTED, kinds=(TroubleKind.NO_STOCK,), user=user)
    return made


def _end_shortage(order: Order, line: ConsignmentLine, outcome: Outcome, user: Any) -> None:
    consignment = line.consignment
    if outcome == Outcome.FOUND:
        line.picked, line.missing = line.picked + line.missing, 0
        line.save(update_fields=["picked", "missing"])
        consignment_settle(consignment)
        return
    shortage_cut(line)
    _route(order, user=user, without=[consignment.warehouse_id])
    consignment_settle(consignment)
    consignment.refresh_from_db()
    is_boxed = consignment.parcels.exists() and not any(units_to_box(consignment).values())
    if is_boxed and consignment.state == ConsignmentState.PICKED:
        consignment_move(consignment, ConsignmentState.PACKED)
        order_settle_packed(order, user=user)


def _route(order: Order, *, user: Any, without: tuple | list = ()) -> None:
    try:
        consignments_make(order, user=user, without=without)
    except NoRoute as error:
        text = _("No other warehouse has it. Take it out of the order, or wait for a delivery.")
        raise StepRefused(text) from error
