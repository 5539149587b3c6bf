"""What `manage.py verify` checks about labels and parcels."""

from collections.abc import Iterator

from django.db.models import F, Q

from orders.carriers.models import Label
from orders.carriers.states import MOVING, ParcelState
from shop.core.verify import invariant


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
