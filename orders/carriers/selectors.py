"""Parcels for the office, and how often promises were kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate, TruncWeek
from django.utils import timezone

from orders.carriers.models import CarrierMessage, Label
from orders.carriers.states import EventCode, ParcelState
from orders.fulfilment.models import Failure, Shipment
from shop.core.days import day_start

#: Of the inbox of carriers' messages.
MESSAGES = {
    "parked": Q(processed_at__isnull=True, parked_at__isnull=False),
    "due": Q(processed_at__isnull=True, parked_at__isnull=True),
    "done": Q(processed_at__isnull=False),
}
SETTLED = "settled"  # their day has come: kept or not, what a rate is made of
VIEWS = ("here", "moving", "late", "wrong", "back", "today", "delivered", "all")


def parcels_promised() -> QuerySet[Shipment]:
    """Parcels that left, with the day that was promised and whether it was kept.

    ``kept``: ``yes``, ``no`` (came later, or its day is over), ``open``, or ``""`` where nothing was
    promised.
    """
    today = timezone.localdate()
    return (
        Shipment.objects.filter(shipped_at__isnull=False)
        .annotate(
            promised=F("order__facts__promised_until"),
            came=TruncDate("delivered_at"),
            method=F("order__shipping_code"),
            sent_from=Coalesce(F("warehouse__code"), Value("")),
            week=TruncWeek("order__facts__promised_until"),
        )
        .annotate(
            kept=Case(
                When(promised__isnull=True, then=Value("")),
                When(came__lte=F("promised"), then=Value("yes")),
                When(came__gt=F("promised"), then=Value("no")),
                When(promised__lt=today, then=Value("no")),
                default=Value("open"),
                output_field=CharField(),
            )
        )
    )


def was_damaged() -> Exists:
    """Of a parcel: whether its carrier ever said that it broke, also of one that came back since."""
    labels = Label.objects.filter(shipment=OuterRef("pk"), is_return=False)
    said = Q(state=ParcelState.DAMAGED) | Q(events__code=EventCode.DAMAGED)
    return Exists(labels.exclude(state=ParcelState.VOID).filter(said))


@dataclass(frozen=True)
class Kept:
    """One row of the figure. ``share`` in percent of those whose day has come; None: none has."""

    key: str
    name: str
    parcels: int
    on_time: int
    late: int
    lost: int
    damaged: int

    @property
    def share(self) -> float | None:
        settled = self.on_time + self.late
        return round(100 * self.on_time / settled, 1) if settled else None

    @property
    def loss_rate(self) -> float:
        """Lost, in percent of all that were promised for these days."""
        return round(100 * self.lost / self.parcels, 1) if self.parcels else 0.0

    @property
    def damage_rate(self) -> float:
        """Ever reported damaged, in percent of the same."""
        return round(100 * self.damaged / self.parcels, 1) if self.parcels else 0.0


COLUMNS = {"carrier": "carrier", "method": "method", "warehouse": "sent_from", "week": "week"}


def promises_kept(*, by: str, since: dt.date, until: dt.date) -> list[Kept]:
    """Of the parcels promised for these days, by carrier, method, warehouse or week. One query."""
    live = ~Q(labels__state=ParcelState.VOID)
    rows = (
        parcels_promised()
        .filter(promised__range=(since, until))
        .annotate(broke=was_damaged())
        .order_by()
        .values(key=F(COLUMNS[by]))
        .annotate(
            parcels=Count("pk", distinct=True),
            on_time=Count("pk", filter=Q(kept="yes"), distinct=True),
            late=Count("pk", filter=Q(kept="no"), distinct=True),
            lost=Count("pk", filter=live & Q(labels__state=ParcelState.LOST), distinct=True),
            damaged=Count("pk", filter=Q(broke=True), distinct=True),
        )
        .order_by("-key" if by == "week" else "-parcels")
    )
    return [
        Kept(
            key=_key(row["key"]),
            name=_key(row["key"]),
            **{name: row[name] for name in ("parcels", "on_time", "late", "lost", "damaged")},
        )
        for row in rows
    ]


def _key(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


def parcels_found(*, view: str, wanted: Mapping[str, str]) -> QuerySet[Shipment]:
    """Of the office's list. ``wanted``: column of the figure to its value, ``kept``, ``wrong`` (lost or
    damaged), ``q``, days."""
    if view == "here":
        rows = parcels_here()
    else:
        rows = parcels_of_view(view)
        for name, column in COLUMNS.items():
            if name in wanted:
                rows = rows.filter(**{column: wanted[name]})
        if "kept" in wanted:
            settled = ("yes", "no") if wanted["kept"] == SETTLED else (wanted["kept"],)
            rows = rows.filter(kept__in=settled)
        if wanted.get("wrong") == ParcelState.DAMAGED:
            rows = rows.filter(was_damaged())
        elif "wrong" in wanted:
            rows = rows.filter(labels__state=wanted["wrong"]).distinct()
        if "since" in wanted and "until" in wanted:
            rows = rows.filter(promised__range=(wanted["since"], wanted["until"]))
    if text := wanted.get("q", ""):
        rows = rows.filter(
            Q(order__number__iexact=text)
            | Q(tracking_number__iexact=text)
            | Q(labels__tracking_number__iexact=text)
        ).distinct()
    return (
        rows.select_related("order__facts", "order__shipping_address", "warehouse")
        .prefetch_related("labels")
        .order_by("-pk")
    )


def messages_found(view: str) -> QuerySet[CarrierMessage]:
    """Of the inbox, the newest first."""
    return CarrierMessage.objects.filter(MESSAGES[view]).order_by("-received_at", "-pk")


def messages_parked() -> QuerySet[CarrierMessage]:
    """Given up on after too many failures; somebody has to look."""
    return CarrierMessage.objects.filter(MESSAGES["parked"])


def parcels_here() -> QuerySet[Shipment]:
    """Packed, and the carrier has not taken them."""
    return Shipment.objects.filter(packed_at__isnull=False, shipped_at__isnull=True)


def parcels_of_view(view: str) -> QuerySet[Shipment]:
    """Those that left, as `parcels_promised`; what went wrong is not on its way any more."""
    return _of_view(parcels_promised(), view)


def _of_view(rows: QuerySet[Shipment], view: str) -> QuerySet[Shipment]:
    if view in ("moving", "late"):
        rows = rows.filter(delivered_at__isnull=True, failed="")
        return rows.filter(kept="no") if view == "late" else rows
    if view == "today":
        return rows.filter(delivered_at__gte=day_start(timezone.localdate()))
    if view == "wrong":
        return rows.exclude(failed="")
    if view == "back":
        return rows.filter(failed=Failure.RETURNED, taken_back_at__isnull=True)
    if view == "delivered":
        return rows.filter(delivered_at__isnull=False)
    return rows
