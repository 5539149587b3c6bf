"""The queue, and how often the rules were right."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from orders.fraud.models import DECIDED, CheckState, FraudCheck
from orders.fraud.rules import BLOCKED
from orders.fraud.scoring import SetRule, rules_set
from orders.models import Order


@dataclass(frozen=True)
class RuleFigures:
    """What became of the orders in whose score a rule had a part. ``right``: declined of decided, percent."""

    rule: SetRule | None
    held: int
    approved: int
    declined: int

    @property
    def right(self) -> int | None:
        decided = self.approved + self.declined
        return round(100 * self.declined / decided) if decided else None


def checks_waiting() -> QuerySet[FraudCheck]:
    """The highest score first."""
    rows = FraudCheck.objects.filter(state=CheckState.HELD)
    return rows.select_related("order__shipping_address", "order__user").order_by("-score", "pk")


def checks_decided() -> QuerySet[FraudCheck]:
    rows = FraudCheck.objects.filter(state__in=(*DECIDED, CheckState.GONE))
    related = ("order__shipping_address", "order__user", "decided_by")
    return rows.select_related(*related).order_by("-placed_at", "-pk")


def check_of_order(order: Order) -> FraudCheck | None:
    return FraudCheck.objects.filter(order=order).select_related("decided_by").first()


def figures(*, days: int) -> tuple[RuleFigures, list[RuleFigures]]:
    """Of all orders that waited in the last ``days``, and rule by rule. Two queries."""
    since = timezone.now() - dt.timedelta(days=days)
    rows = FraudCheck.objects.filter(placed_at__gte=since).exclude(state=CheckState.CLEAR)
    states: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for state, reasons in rows.values_list("state", "reasons"):
        codes = {reason["code"] for reason in reasons}
        for code in ("", *codes):
            states[code][state] += 1
    known = {one.rule.code: one for one in rules_set()}
    each = [_figures(rule, states[code]) for code, rule in known.items()]
    if BLOCKED in states:
        each.append(_figures(None, states[BLOCKED]))
    return _figures(None, states[""]), each


def _figures(rule: SetRule | None, states: dict[str, int]) -> RuleFigures:
    return RuleFigures(
        rule=rule,
        held=sum(states.values()),
        approved=states.get(CheckState.APPROVED, 0),
        declined=states.get(CheckState.DECLINED, 0),
    )
