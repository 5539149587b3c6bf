"""What `manage.py verify` checks about the tables that delivery is priced by."""

from collections.abc import Iterator

from orders.models import Order
from orders.rates.gaps import gaps_of
from orders.rates.models import PickupPoint
from orders.rates.sheet import sheet_now
from shop.core.verify import invariant

POINT = "pickup:"


@invariant("delivery: every weight and value has a way to every country")
def nothing_without_a_way() -> Iterator[str]:
    yield from gaps_of(sheet_now())


@invariant("delivery: an order to a pick-up point names one that we know")
def points_are_known() -> Iterator[str]:
    rows = Order.objects.filter(shipping_code__startswith=POINT)
    known = set(PickupPoint.objects.values_list("code", flat=True))
    for number, code in rows.values_list("number", "shipping_code"):
        if code.removeprefix(POINT) not in known:
            yield f"{number}: {code}"
