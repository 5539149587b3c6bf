"""Labels of the latest parcels, in every state: the newest are on their way, one is late, one lost."""

import datetime as dt
import random

from django.utils import timezone

from orders.carriers.models import Contract, CostRate, Label, Manifest, TrackEvent
from orders.carriers.services import claim_move, claim_open
from orders.carriers.states import STATE_OF, WRONG, ParcelState
from orders.fulfilment.failing import parcel_fail
from orders.fulfilment.models import Shipment, TroubleKind
from orders.fulfilment.noting import trouble_note
from orders.models import Order
from payments.localprovider.parcels.scripts import DAY, SCRIPTS, events_of, number_of_the_past

RECENT = 400  # parcels with a label; the others left before there were any
MANIFESTED = 60  # of these, the newest stand on hand-over lists
CONTRACTS = (
    (
        "parcelway",
        "PW-2026-118",
        (
            ("standard", "DE", 2000, "3.45"),
            ("standard", "DE", None, "4.20"),
            ("standard", "", 2000, "3.60"),
            ("standard", "", None, "6.80"),
            ("freight", "", None, "12.00"),
            ("point", "", None, "2.95"),
        ),
    ),
    ("swiftline", "SL-7731", (("express", "", 2000, "7.45"), ("express", "", None, "9.90"))),
)
PLANTED = ("late", "lost", "damaged")  # what became of the oldest that are on their way


def parcels_load(*, now: dt.datetime, seed: int) -> None:
    rng = random.Random(f"parcels-{seed}")
    contracts_load(now=now)
    rows = Shipment.objects.filter(shipped_at__isnull=False).select_related("order__facts")
    parcels = list(rows.order_by("-shipped_at", "-pk")[:RECENT])
    on_the_way = [one for one in reversed(parcels) if one.delivered_at is None]
    planted = dict(zip([one.pk for one in on_the_way], PLANTED, strict=False))
    labels, events = [], []
    for parcel in parcels:
        label, happened = _label(parcel, planted.get(parcel.pk, "usual"), rng, now)
        labels.append(label)
        events.append(happened)
    Label.objects.bulk_create(labels)
    Shipment.objects.bulk_update(parcels, ["carrier", "tracking_number"], batch_size=500)
    TrackEvent.objects.bulk_create(
        TrackEvent(
            label=label,
            event_id=one.id,
            code=one.code,
            happened_at=dt.datetime.fromtimestamp(one.at, tz=dt.UTC),
            place=one.place,
        )
        for label, happened in zip(labels, events, strict=True)
        for one in happened
    )
    for label in labels:
        kind = planted.get(label.shipment_id)
        if kind == "late":
            words = f"{label.carrier} {label.tracking_number}"
            trouble_note(label.order, TroubleKind.LATE, parcel=label.shipment, words=words)
        elif label.state in WRONG:
            words = f"{label.carrier} {label.tracking_number}"
            is_damaged = kind == "damaged"
            parcel_fail(
                label.order, label.shipment, label.state, words=words, was_damaged=is_damaged
            )
    _lists_load(labels)
    _claims_load([label for label in labels if label.shipment_id in planted])


def contracts_load(*, now: dt.datetime) -> None:
    """What was agreed with both, since a year; a little less than the simulator bills for the heavy."""
    begin = (now - dt.timedelta(days=330)).date()
    for carrier, reference, rows in CONTRACTS:
        contract = Contract.objects.create(
            carrier=carrier,
            reference=reference,
            valid_from=begin,
            claim_days=21,
            liability=500,
            late_percent=25,
        )
        CostRate.objects.bulk_create(
            CostRate(contract=contract, service=service, country=country, weight_to=to, cost=cost)
            for service, country, to, cost in rows
        )


def _lists_load(labels: list[Label]) -> None:
    """The last days' hand-overs, one list for a carrier, warehouse and day."""
    lists: dict[tuple, Manifest] = {}
    for label in labels[:MANIFESTED]:
        parcel = label.shipment
        key = (label.carrier, parcel.warehouse_id, label.handed_at.date())
        if key not in lists:
            lists[key] = Manifest.objects.create(
                number=f"M{label.handed_at:%y%m%d}-{len(lists):04}",
                carrier=label.carrier,
                warehouse_id=parcel.warehouse_id,
                opened_at=label.handed_at - dt.timedelta(minutes=20),
                closed_at=label.handed_at,
            )
        label.manifest, label.loaded_at = lists[key], label.handed_at
    Label.objects.bulk_update(labels[:MANIFESTED], ["manifest", "loaded_at"])


def _claims_load(labels: list[Label]) -> None:
    """One to hand in, one handed in."""
    for label in labels:
        if label.state not in (ParcelState.LOST, ParcelState.DAMAGED, ParcelState.RETURNED):
            continue
        is_lost = label.state == ParcelState.LOST
        claim = claim_open(label=label, kind="lost" if is_lost else "damaged")
        if not is_lost:
            claim_move(claim=claim, state="sent", reference="PW-20417")


def _label(parcel: Shipment, script: str, rng: random.Random, now: dt.datetime) -> tuple:
    """The number tells the simulator what became of it, so that it knows it when it is asked."""
    order: Order = parcel.order
    carrier = "swiftline" if order.shipping_code == "express" else "parcelway"
    handed = parcel.shipped_at
    if script != "usual":
        handed = min(handed, now - dt.timedelta(days=4, hours=6))
    number = number_of_the_past(carrier, script, handed.timestamp(), rng.randrange(65536))
    if parcel.delivered_at:
        steps = SCRIPTS["usual"]
        happened = events_of(number, steps, handed.timestamp(), day=_pace(parcel), now=1e12)
    else:
        steps = SCRIPTS[script]
        happened = events_of(number, steps, handed.timestamp(), day=DAY, now=now.timestamp())
        if script == "usual":
            happened = [one for one in happened if one.code != "delivered"]
    parcel.carrier, parcel.tracking_number = carrier, number
    state = STATE_OF[happened[-1].code] if happened else ParcelState.HANDED
    return (
        Label(
            order=order,
            shipment=parcel,
            carrier=carrier,
            service="express" if carrier == "swiftline" else "standard",
            state=state,
            tracking_number=number,
            weight_g=parcel.weight_g or 900,
            cost="7.52" if carrier == "swiftline" else "3.42",
            agreed="7.45" if carrier == "swiftline" else "3.45",
            promised_from=order.facts.promised_from,
            promised_until=order.facts.promised_until,
            bought_at=handed,
            handed_at=handed,
            delivered_at=parcel.delivered_at if state == ParcelState.DELIVERED else None,
            checked_at=timezone.now(),
            told_late_at=now if script == "late" else None,
        ),
        happened,
    )


def _pace(parcel: Shipment) -> float:
    """Seconds of a day of the script, so that its last event is the moment of delivery."""
    return max(1.0, (parcel.delivered_at - parcel.shipped_at).total_seconds() / 0.95)
