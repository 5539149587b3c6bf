"""The parcels of one order, with where each is."""

from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.carriers.models import Label
from orders.carriers.states import WRONG, ParcelState
from orders.fulfilment.models import Shipment, ShipmentLine
from orders.models import Order

TONES = {ParcelState.DELIVERED: "good"} | dict.fromkeys(WRONG, "hot")


def parcels_of(order: Order) -> list[Any]:
    """Shipments with ``live_labels``, ``by`` and ``number`` of the carrier, ``state_shown`` with its
    ``tone``, and ``is_late``: its day is over, and it has not come. Three queries."""
    lines = ShipmentLine.objects.select_related("order_line")
    labels = Label.objects.exclude(state=ParcelState.VOID).defer("pdf")
    labels = labels.annotate(pdf_is_there=~Q(pdf=b""))
    rows: list[Any] = list(
        Shipment.objects.filter(order=order)
        .select_related("shipped_by", "warehouse")
        .prefetch_related(
            Prefetch("lines", lines), Prefetch("labels", labels, to_attr="live_labels")
        )
        .order_by("shipped_at", "pk")
    )
    for parcel in rows:
        label = parcel.live_labels[0] if parcel.live_labels else None
        parcel.by = parcel.carrier or (label.carrier if label else "")
        parcel.number = parcel.tracking_number or (label.tracking_number if label else "")
        state = _state(parcel, label)
        parcel.tone = TONES.get(state, "info") if state else ""
        parcel.state_shown = str(state.label) if state else _not_left(parcel)
        until = label.promised_until if label else order.facts.promised_until
        is_open = parcel.shipped_at is not None and parcel.delivered_at is None
        is_over = until is not None and until < timezone.localdate()
        parcel.is_late = is_open and is_over and state not in WRONG
    return rows


def _state(parcel: Shipment, label: Label | None) -> ParcelState | None:
    """As its carrier tells it; of a number that was typed we know that it left and that it came."""
    if parcel.delivered_at:
        return ParcelState.DELIVERED
    if label:
        return ParcelState(label.state)
    return ParcelState.TRANSIT if parcel.shipped_at else None


def _not_left(parcel: Shipment) -> str:
    return _("Packed") if parcel.packed_at else _("being packed")
