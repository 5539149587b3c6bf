"""Rules that take something off a price. Apps above the catalogue register theirs.

A rule is asked about many prices at once and answers with a fixed number of queries.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from catalog.partner.models import StockRecord
from catalog.pricing.prices import PriceContext, PriceStep


@dataclass(frozen=True)
class Asked:
    """``quantity`` units of one record, in a basket of their own, at ``unit`` each."""

    record: StockRecord
    quantity: int
    unit: Decimal
    currency: str


@dataclass(frozen=True)
class Answer:
    """What all the units cost after the rule. ``ends_at``: the first end of what took it off."""

    total: Decimal
    steps: tuple[PriceStep, ...] = ()
    ends_at: dt.datetime | None = None


@dataclass(frozen=True)
class RunningOffer:
    """An offer that changes prices. ``url``: its page; empty without one."""

    code: str
    name: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    url: str = ""


class PriceRule(Protocol):
    code: str

    def answers(self, asked: Sequence[Asked], *, context: PriceContext) -> list[Answer]:
        """One answer for each of ``asked``, in its order."""

    def running(self, moment: dt.datetime) -> list[RunningOffer]:
        """The offers that everybody gets at ``moment``."""

    def is_personal(self) -> bool:
        """Whether a member may now have prices that others in the same groups have not."""

    def changes_between(self, after: dt.datetime, until: dt.datetime) -> bool:
        """Whether the clock starts or ends something in that time."""


_rules: dict[str, PriceRule] = {}


def rule_register(rule: PriceRule) -> None:
    """Rules are asked in the order of their registration, each from the price of the last."""
    _rules[rule.code] = rule


def rules() -> list[PriceRule]:
    return list(_rules.values())
