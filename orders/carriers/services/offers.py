"""What a parcel would cost with each carrier. Carriers are asked; nothing is written."""

from dataclasses import dataclass
from decimal import Decimal

from orders.carriers.base import Load
from orders.carriers.choosing import carrier_for
from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable
from orders.carriers.registry import carriers_selling
from orders.carriers.services.labels import parcel_weight
from orders.fulfilment.models import Shipment


@dataclass(frozen=True)
class Offer:
    """One service with the carrier's own price. ``is_usual``: the one of the rate table."""

    carrier: str
    name: str
    service: str
    cost: Decimal
    is_usual: bool


def parcel_offers(parcel: Shipment) -> tuple[list[Offer], list[str]]:
    """The cheapest first, and the names of carriers that gave no answer."""
    address = parcel.order.shipping_address
    load = Load(
        country=address.country_id if address else "",
        postcode=(address.postcode or "") if address else "",
        weight_g=parcel_weight(parcel),
    )
    usual, service = carrier_for(parcel)
    found: list[Offer] = []
    silent: list[str] = []
    for one in carriers_selling():
        try:
            rates = one.rates(load)
        except (CarrierRefused, CarrierUnavailable):
            silent.append(str(one.name))
            continue
        wanted = service or one.services[0]
        found += [
            Offer(
                carrier=one.code,
                name=str(one.name),
                service=rate.service,
                cost=rate.cost,
                is_usual=one.code == usual and rate.service == wanted,
            )
            for rate in rates
        ]
    return sorted(found, key=lambda offer: offer.cost), silent
