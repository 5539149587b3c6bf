"""One step for hundreds of orders: each in a transaction of its own, with what became of it."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.exceptions import ImpossibleStep, NoRoute, OnHold, StepRefused
from orders.fulfilment.batch_works import ARRIVED, work_do
from orders.fulfilment.locks import batch_lock
from orders.fulfilment.models import Batch, BatchAction, BatchRow, BatchState, RowOutcome
from orders.models import Order
from orders.states import OrderState
from shop.core.locks import is_conflict, retry_on_conflict
from supply.exceptions import StockMismatch

logger = logging.getLogger(__name__)

MOST = 2000  # orders of one batch
CHUNK = 20  # orders between two signs of life
STUCK = timezone.timedelta(seconds=60)


@retry_on_conflict
def batch_make(
    *,
    action: BatchAction,
    order_ids: Sequence[int],
    key: UUID,
    user: Any,
    language: str,
    told: dict[str, Any] | None = None,
) -> Batch:
    """Begin a batch. ``told``: what the action needs to know, see ``Batch``. The same ``key`` is the same one. Ids of orders that are gone are left out."""
    with transaction.atomic():
        wanted = list(dict.fromkeys(order_ids))[:MOST]
        there = set(Order.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        ids = [pk for pk in wanted if pk in there]
        batch, is_new = Batch.objects.get_or_create(
            key=key,
            defaults={
                "action": action,
                "total": len(ids),
                "created_by": user,
                "language": language,
                "told": told or {},
            },
        )
        if is_new:
            BatchRow.objects.bulk_create(
                [BatchRow(batch=batch, order_id=pk) for pk in ids], batch_size=1000
            )
    return batch


def batch_move(*, pk: int) -> bool:
    """Take a batch to its end. A killed worker leaves whole orders; the next goes on from there."""
    moved = False
    while _portion(pk):
        moved = True
    return moved


def _portion(pk: int) -> bool:
    """Up to ``CHUNK`` orders. Each is safe twice, so that two workers do no harm, only double work."""
    batch = Batch.objects.select_related("created_by").filter(pk=pk).first()
    if batch is None or batch.state == BatchState.DONE:
        return False
    waiting = batch.rows.filter(outcome=RowOutcome.WAITS).select_related("order").order_by("pk")
    rows = list(waiting[: CHUNK + 1])  # one more tells whether that is all
    with override(batch.language):
        for row in rows[:CHUNK]:
            row.outcome, row.message = _done(batch, row.order)
            BatchRow.objects.filter(pk=row.pk, outcome=RowOutcome.WAITS).update(
                outcome=row.outcome, message=row.message[:300]
            )
    _beat(pk)
    return len(rows) > CHUNK


@retry_on_conflict
@transaction.atomic
def _beat(pk: int) -> None:
    batch = batch_lock(pk)
    if batch is None:
        return
    batch.done = batch.rows.exclude(outcome=RowOutcome.WAITS).count()
    batch.beat_at = timezone.now()
    if batch.done == batch.total and batch.state != BatchState.DONE:
        batch.state, batch.ended_at = BatchState.DONE, timezone.now()
    batch.save()


def _done(batch: Batch, order: Order) -> tuple[str, str]:
    try:
        return work_do(batch, order)
    except OnHold:
        return RowOutcome.REFUSED, _("On hold")
    except NoRoute:
        return RowOutcome.REFUSED, _("No warehouse can send it.")
    except CarrierUnavailable:
        return RowOutcome.REFUSED, _("The carrier does not answer. Please try again soon.")
    except CarrierRefused as refusal:
        return RowOutcome.REFUSED, refusal.message
    except StockMismatch:
        return RowOutcome.REFUSED, _("The books have fewer units than the parcel.")
    except StepRefused as refusal:
        return RowOutcome.REFUSED, refusal.message
    except ImpossibleStep:
        order.refresh_from_db()
        state = str(OrderState(order.status).label)
        is_same = order.status in ARRIVED.get(BatchAction(batch.action), ())
        return (RowOutcome.SAME if is_same else RowOutcome.REFUSED), state
    except Exception as error:
        if is_conflict(error):
            return RowOutcome.WAITS, ""
        logger.exception("batch %s: order %s failed", batch.pk, order.number)
        return RowOutcome.REFUSED, _("This could not be done; the shop's log says why.")


def batches_stuck() -> list[int]:
    """Those that should move and have not for a minute."""
    rows = Batch.objects.filter(
        state=BatchState.RUNNING, beat_at__lt=timezone.now() - STUCK, total__gt=0
    )
    return list(rows.values_list("pk", flat=True)[:20])
