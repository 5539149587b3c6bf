"""Reading points, and the tables for the back office."""

from django.db.models.functions import Left

from orders.rates.models import PickupPoint
from shop.core.prepared import TEXT, Prepared

NEAR = 4  # points at a checkout
MOST = 600


def points_near(*, country: str, postcode: str, carrier: str = "") -> list[PickupPoint]:
    """Points whose postcode begins as this one does, the longest likeness first. One query.

    Postcodes of neighbours begin alike nearly everywhere; without one that begins with the same sign,
    none is near.
    """
    rows = _open_points.read(country=country, sign=postcode[:1])
    served = (one for one in rows if not carrier or one.carrier in ("", carrier))
    found = sorted(served, key=lambda one: (-_alike(one.postcode, postcode), one.code))
    return found[:NEAR]


_open_points: Prepared[PickupPoint] = Prepared(
    lambda country, sign: PickupPoint.objects.alias(sign=Left("postcode", 1)).filter(
        country=country, is_open=True, sign=sign
    )[:MOST],
    country=TEXT,
    sign=TEXT,
)


def point_of(code: str) -> PickupPoint | None:
    return PickupPoint.objects.filter(code=code).first()


def _alike(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one.upper().replace(" ", ""), other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
