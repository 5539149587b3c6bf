"""Writing down what went wrong, and that it is over. All under the order's lock."""

from typing import Any

from django.utils import timezone

from orders.fulfilment.models import (
    ConsignmentLine,
    Outcome,
    Shipment,
    Trouble,
    TroubleKind,
)
from orders.models import Order


def trouble_note(
    order: Order,
    kind: TroubleKind,
    *,
    line: ConsignmentLine | None = None,
    parcel: Shipment | None = None,
    units: int = 0,
    words: str = "",
    user: Any = None,
) -> Trouble:
    """Put it into the clerk's queue. What is there already stays one, with the new units and words."""
    trouble, is_new = Trouble.objects.get_or_create(
        order=order,
        kind=kind,
        consignment_line=line,
        shipment=parcel,
        closed_at=None,
        defaults={"units": units, "words": words[:300], "opened_by": user},
    )
    if not is_new and (units or words):
        trouble.units, trouble.words = units or trouble.units, words[:300] or trouble.words
        trouble.save(update_fields=["units", "words"])
    return trouble


def troubles_end(
    order: Order, outcome: Outcome, *, kinds: tuple[str, ...] = (), user: Any = None
) -> int:
    """Close what is open of it, of these kinds if any are named; how many there were."""
    rows = Trouble.objects.filter(order=order, closed_at__isnull=True)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.update(closed_at=timezone.now(), closed_by=user, outcome=outcome)


def shortages_end(order: Order, *, user: Any = None) -> int:
    """Units were taken out of the order: shortages of which nothing is missing any more are over."""
    rows = Trouble.objects.filter(order=order, kind=TroubleKind.SHORT, closed_at__isnull=True)
    open_ids = [row.pk for row in rows.exclude(consignment_line__missing__gt=0)]
    return Trouble.objects.filter(pk__in=open_ids).update(
        closed_at=timezone.now(), closed_by=user, outcome=Outcome.LESS
    )
