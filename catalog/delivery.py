"""What the shop promises about delivery before an address is known.

The catalogue shows the promise and does not make it: `orders.shipping` registers who does.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class DeliveryPromise:
    """The usual parcel to the home country. ``charge`` includes tax, free from ``free_from`` on."""

    country: str
    first_day: dt.date
    last_day: dt.date
    charge: Decimal
    free_from: Decimal | None
    currency: str


Promiser = Callable[[], DeliveryPromise | None]
_promisers: list[Promiser] = []


def promiser_register(promiser: Promiser) -> None:
    """The last one that registers is asked."""
    _promisers.append(promiser)


def delivery_promised() -> DeliveryPromise | None:
    """For a parcel ordered now; None when nobody knows."""
    return _promisers[-1]() if _promisers else None
