"""Which carrier takes a parcel."""

from orders.carriers.registry import carriers_selling
from orders.fulfilment.models import Shipment
from orders.rates.sheet import sheet_now


def carrier_for(parcel: Shipment) -> tuple[str, str]:
    """Carrier and service by the rate table of its delivery; else the first that sells labels."""
    order = parcel.order
    address = order.shipping_address
    zone = sheet_now().zone_of(address.country_id if address else "")
    method = "pickup" if order.shipping_code.startswith("pickup:") else order.shipping_code
    known = {one.code for one in carriers_selling()}
    for row in zone.rates if zone else ():
        if row.method == method and row.carrier in known:
            return row.carrier, row.service
    return next(iter(sorted(known)), ""), ""
