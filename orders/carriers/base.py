"""What every carrier can do, and how it answers. `CarrierRefused` is final, `CarrierUnavailable` may be tried
again with the same key. A new carrier is one file in `known` and one line in ``CARRIERS`` (docs/carriers.md)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Wanted:
    """A label that is asked for. ``lines``: the address as it is printed, receiver first."""

    key: str
    service: str
    order_number: str
    lines: tuple[str, ...]
    country: str
    postcode: str
    weight_g: int


@dataclass(frozen=True)
class Load:
    """A parcel whose price is asked for, before there is a label."""

    country: str
    postcode: str
    weight_g: int


@dataclass(frozen=True)
class Rate:
    """``cost``: in the shop's own currency."""

    service: str
    cost: Decimal


@dataclass(frozen=True)
class Bought:
    """``cost``: in the shop's own currency. ``pdf``: the label, ready to be printed."""

    tracking_number: str
    cost: Decimal
    pdf: bytes


@dataclass(frozen=True)
class Told:
    """One event; ``code`` is one of `orders.carriers.states.EventCode`."""

    event_id: str
    code: str
    happened_at: dt.datetime
    place: str = ""


@dataclass(frozen=True)
class News:
    """A verified message: only a reason to ask."""

    event_id: str
    tracking_number: str


class Carrier(Protocol):
    """Every call has a timeout and is safe to repeat."""

    code: str  # also in the address of its webhook
    name: str | Promise
    services: tuple[str, ...]
    sells_labels: bool  # False: an operator types its tracking numbers, and nobody can be asked
    tracking_page: str  # its own page of a parcel, with ``{number}`` in it; empty: it has none

    @property
    def is_ready(self) -> bool:
        """Whether it has what it needs: its address and keys."""
        ...

    def rates(self, load: Load) -> list[Rate]:
        """What each of its services would cost, the cheapest first. Nothing is bought."""
        ...

    def buy(self, wanted: Wanted) -> Bought:
        """The same ``key`` again gives the same label."""
        ...

    def void(self, tracking_number: str) -> None: ...

    def hand_over(self, tracking_number: str) -> None:
        """Tell that the parcel stands at the ramp."""
        ...

    def track(self, tracking_number: str) -> list[Told]:
        """All that happened so far, oldest first. Raises ``CarrierRefused`` for an unknown number."""
        ...

    def parse_message(self, body: bytes, headers: Mapping[str, str]) -> News:
        """Raises ``MessageInvalid``."""
        ...
