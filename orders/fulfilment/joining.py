"""An order joins the waves of a batch: one for each warehouse that sends a part of it, and ever more as
their carts fill."""

from itertools import count
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep, StepRefused
from orders.fulfilment.locks import waves_lock
from orders.fulfilment.models import Consignment, ConsignmentState, Wave
from orders.fulfilment.waves import MOST, consignments_to_pick
from orders.life.holds import refuse_held
from orders.life.settling import is_packable
from orders.locks import order_lock
from orders.models import Order
from shop.core.locks import retry_on_conflict

IN_WAVE = (ConsignmentState.PICKING, ConsignmentState.PICKED)


@retry_on_conflict
def wave_join(*, order: Order, key: UUID, user: Any = None) -> bool:
    """Put what of ``order`` waits in warehouses into the waves of ``key``, a tote for each.

    False: it is in a wave already, and stays there. Raises ``OnHold``, ``StepRefused`` while its address
    is to be looked at or all of it is packed, and ``ImpossibleStep`` where it is not to be sent.
    """
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        refuse_held(order)
        there = Consignment.objects.filter(order=order)
        waiting = list(consignments_to_pick().filter(order=order).select_related("warehouse"))
        if not waiting and there.filter(state__in=IN_WAVE).exists():
            return False
        if not waiting and there.filter(state=ConsignmentState.ROUTED).exists():
            raise StepRefused(_("Its address is to be looked at first."))
        if not waiting and is_packable(order):
            raise StepRefused(_("Nothing of it waits in a warehouse."))
        if not waiting:
            raise ImpossibleStep(f"nothing of order {order.number} is to be picked")
        for consignment in waiting:
            wave, tote = _place(consignment, key, user)
            Consignment.objects.filter(pk=consignment.pk).update(
                state=ConsignmentState.PICKING, wave=wave, tote=tote
            )
    return True


def _place(consignment: Consignment, key: UUID, user: Any) -> tuple[Wave, int]:
    """The first wave of ``key`` that is open and has a tote left, locked; and the number of the tote."""
    for number in count():
        wave, _is_new = Wave.objects.get_or_create(
            key=uuid5(key, f"{consignment.warehouse_id}:{number}"),
            defaults={"warehouse": consignment.warehouse, "created_by": user},
        )
        if not waves_lock([wave.pk]):
            continue
        taken = wave.consignments.aggregate(last=Max("tote"))["last"] or 0
        if taken < MOST:
            return wave, taken + 1
    raise AssertionError  # the count has no end
