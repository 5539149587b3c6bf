"""Which carrier takes a parcel."""

from orders.carriers.registry import carriers_selling
from orders.fulfilment.models import Shipment
from orders.shipping.of_order import row_of_order


def carrier_for(parcel: Shipment) -> tuple[str, str]:
    """Carrier and service by the row of the rate table that takes this parcel: its own weight where it
    was weighed, the value and the customer of its order. Else the first that sells labels.
    """
    known = {one.code for one in carriers_selling()}
    row = row_of_order(parcel.order, grams=parcel.weight_g)
    if row is not None and row.carrier in known:
        return row.carrier, row.service
    return next(iter(sorted(known)), ""), ""
