"""What `manage.py verify` checks about labels and parcels."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q
from django.utils import timezone

from orders.carriers.models import Label
from orders.carriers.states import MOVING, ParcelState
from shop.core.verify import invariant

STILL_LOADING = dt.timedelta(minutes=30)


@invariant("carriers: what was handed over has left, under the number of its label")
def handed_over_has_left() -> Iterator[str]:
    gone = Label.objects.filter(
        Q(state__in=[*MOVING, ParcelState.DELIVERED]), shipment__isnull=False
    )
    wrong = gone.filter(
        Q(shipment__shipped_at__isnull=True)
        | ~Q(shipment__tracking_number=F("tracking_number"))
        | ~Q(shipment__order=F("order"))
    )
    for number, state in wrong.values_list("tracking_number", "state"):
        yield f"{number} is {state}, its parcel is not"


@invariant("carriers: a parcel that the carrier delivered has arrived")
def delivered_has_arrived() -> Iterator[str]:
    rows = Label.objects.filter(state=ParcelState.DELIVERED, shipment__delivered_at__isnull=True)
    for number in rows.filter(shipment__isnull=False).values_list("tracking_number", flat=True):
        yield f"{number} is delivered, its parcel is not"


@invariant("carriers: what stands on a closed hand-over list has left")
def closed_lists_have_left() -> Iterator[str]:
    rows = Label.objects.filter(
        manifest__closed_at__isnull=False, handed_at__isnull=True, state=ParcelState.BOUGHT
    ).filter(manifest__closed_at__lt=timezone.now() - STILL_LOADING)
    for number, paper in rows.values_list("tracking_number", "manifest__number"):
        yield f"{number} is on {paper}, and still here"
