"""Where an order's parcels are, for the shopper: a bar without a map, and what happened."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orders.carriers.models import Label
from orders.carriers.registry import carrier_name, tracking_link
from orders.carriers.states import EVENT_TONES, WRONG, EventCode, ParcelState
from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.views import OrderView

STEPS = (ParcelState.HANDED, ParcelState.TRANSIT, ParcelState.OUT, ParcelState.DELIVERED)


@dataclass(frozen=True)
class Moment:
    """For `components/timeline.html`."""

    title: str
    at: dt.datetime
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class TrackedParcel:
    """``current``: the step that is waited for, counted from 1; ``moments`` newest first; ``link``: the
    carrier's own page, empty where it has none."""

    carrier: str
    number: str
    link: str
    state: str
    steps: list[dict[str, str]]
    current: int
    moments: list[Moment]
    promise: tuple[dt.date | None, dt.date | None]
    is_late: bool
    is_wrong: bool
    is_there: bool
    things: list[str]


def parcels_tracked(order: Order) -> list[TrackedParcel]:
    """Every parcel that has left, the first one first. Three queries."""
    rows = order.shipments.filter(shipped_at__isnull=False).order_by("pk")
    rows = rows.prefetch_related("lines__order_line__product__parent", "labels__events")
    return [_tracked(order, one) for one in rows]


def _tracked(order: Order, parcel: Shipment) -> TrackedParcel:
    label = next((one for one in parcel.labels.all() if one.state != ParcelState.VOID), None)
    state = _state(parcel, label)
    facts = order.facts
    promise = (
        (label.promised_from, label.promised_until)
        if label
        else (facts.promised_from, facts.promised_until)
    )
    is_there = state == ParcelState.DELIVERED
    return TrackedParcel(
        carrier=carrier_name(parcel.carrier),
        number=parcel.tracking_number,
        link=tracking_link(parcel.carrier, parcel.tracking_number),
        state=str(ParcelState(state).label),
        steps=[{"name": str(ParcelState(step).label)} for step in STEPS],
        current=len(STEPS) + 1 if is_there else _place(state) + 2,
        moments=_moments(parcel, label),
        promise=promise,
        is_late=label is not None and label.told_late_at is not None and not is_there,
        is_wrong=state in WRONG,
        is_there=is_there,
        things=[_thing(one) for one in parcel.lines.all()],
    )


def _thing(line: Any) -> str:
    product = line.order_line.product
    title = product.get_title() if product else line.order_line.title
    return f"{line.quantity} × {title}"


def _state(parcel: Shipment, label: Label | None) -> str:
    if parcel.delivered_at:
        return ParcelState.DELIVERED
    return label.state if label else ParcelState.HANDED


def _place(state: str) -> int:
    """Of the steps, the last one that is done; what went wrong was on its way."""
    return STEPS.index(ParcelState(state)) if state in STEPS else 1


def _moments(parcel: Shipment, label: Label | None) -> list[Moment]:
    told = list(label.events.all()) if label else []
    moments = [
        Moment(
            str(EventCode(one.code).label),
            one.happened_at,
            one.place,
            EVENT_TONES.get(one.code, ""),
        )
        for one in told
    ]
    codes = {one.code for one in told}
    if EventCode.ACCEPTED not in codes and parcel.shipped_at:
        moments.append(Moment(_("It left us"), parcel.shipped_at))
    if EventCode.DELIVERED not in codes and parcel.delivered_at:
        moments.append(Moment(_("Delivered"), parcel.delivered_at, "", "good"))
    return sorted(moments, key=lambda one: one.at, reverse=True)


class TrackView(OrderView):
    """All parcels of one order; while none has left, it says so."""

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        parcels = parcels_tracked(self.order)
        return render(request, "carriers/track.html", {"page": self.page, "parcels": parcels})
