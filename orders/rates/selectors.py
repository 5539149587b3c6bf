"""Reading points, and the tables for the back office."""

from orders.rates.models import PickupPoint

NEAR = 4  # points at a checkout
MOST = 600


def points_near(*, country: str, postcode: str, carrier: str = "") -> list[PickupPoint]:
    """Points whose postcode begins as this one does, the longest likeness first. One query.

    Postcodes of neighbours begin alike nearly everywhere; without one that begins with the same sign,
    none is near.
    """
    rows = PickupPoint.objects.filter(
        country=country, is_open=True, postcode__startswith=postcode[:1]
    )
    if carrier:
        rows = rows.filter(carrier__in=("", carrier))
    found = sorted(rows[:MOST], key=lambda one: (-_alike(one.postcode, postcode), one.code))
    return found[:NEAR]


def point_of(code: str) -> PickupPoint | None:
    return PickupPoint.objects.filter(code=code).first()


def _alike(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one.upper().replace(" ", ""), other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
