"""A price and why it is what it is."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True)
class PriceContext:
    """For whom, how many and when. ``user_id`` None: a stranger. ``moment`` None: now."""

    currency: str = ""  # empty: the shop's own
    quantity: int = 1
    user_id: int | None = None
    moment: dt.datetime | None = None


@dataclass(frozen=True)
class PriceStep:
    """One rule that was tried, in the reader's language.

    ``price`` is the unit price after it. ``why`` says what it did, or what is missing for it.
    """

    code: str
    name: str
    outcome: Outcome
    price: Decimal
    why: str = ""


@dataclass(frozen=True)
class Tier:
    """From ``quantity`` units on, one costs ``price``."""

    quantity: int
    price: Decimal


@dataclass(frozen=True)
class ResolvedPrice:
    """What one unit costs, tax included, rounded to the currency.

    ``base`` is the basket line's unit price before offers, ``now`` what is paid when bought alone.
    ``lowest_before`` is the lowest price of the 30 days before the present reduction began; None
    without a reduction. ``ends_at``: when the reduction ends, None when it does not.
    """

    base: Decimal
    now: Decimal
    currency: str
    steps: tuple[PriceStep, ...] = ()
    tiers: tuple[Tier, ...] = ()
    ends_at: dt.datetime | None = None
    lowest_before: Decimal | None = None
    labels: tuple[str, ...] = field(default=())

    @property
    def was(self) -> Decimal | None:
        """What is struck through; None when nothing is taken off."""
        return self.base if self.now < self.base else None
