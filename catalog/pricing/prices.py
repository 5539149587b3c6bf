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

    currency: str = ""  # that of the answer; empty: the one of the stock record
    quantity: int = 1
    user_id: int | None = None
    moment: dt.datetime | None = None
    explain: bool = False  # say every rule that was tried; lists have no use for the words


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

    ``base`` is the basket line's unit price before offers, ``now`` what is paid when bought alone;
    for several units ``total`` is exact and ``now`` its share. ``regular`` is the stock record's own
    price where a price list undercuts it. ``lowest_before`` is the lowest price of the 30 days
    before the present reduction began; None without a reduction. ``ends_at``: when the reduction
    ends, None when it does not. ``labels``: what a card may boast of, the strongest first.
    """

    base: Decimal
    now: Decimal
    currency: str
    steps: tuple[PriceStep, ...] = ()
    tiers: tuple[Tier, ...] = ()
    ends_at: dt.datetime | None = None
    lowest_before: Decimal | None = None
    labels: tuple[str, ...] = field(default=())
    regular: Decimal | None = None
    total: Decimal | None = None

    @property
    def full(self) -> Decimal:
        """The price without any reduction."""
        return max(self.base, self.regular or self.base)

    @property
    def was(self) -> Decimal | None:
        """What is struck through; None when nothing is taken off."""
        return self.full if self.now < self.full else None
