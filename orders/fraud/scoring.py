"""From what is known of an order to a score with its reasons. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from orders.fraud.facts import Facts
from orders.fraud.models import LINE, FraudLine, FraudRule, Listed, ListedKind, Verdict
from orders.fraud.rules import BLOCKED, RULES, TRUSTED, Counting, Rule
from shop.core.planned import planned_rows
from shop.core.prepared import TEXT, Prepared

MOST = 100


@dataclass(frozen=True)
class SetRule:
    """A rule as it is set here."""

    rule: Rule
    is_on: bool
    weight: int
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """0 to 100, from which on an order waits, and why."""

    score: int
    line: int
    reasons: list[dict[str, Any]]

    @property
    def is_high(self) -> bool:
        return self.score >= self.line


def rules_set() -> list[SetRule]:
    """All rules, in their order. One query."""
    return _as_set(_rules.read())


def _as_set(rows_set: Iterable[FraudRule]) -> list[SetRule]:
    rows = {row.code: row for row in rows_set}
    found = []
    for code, rule in RULES.items():
        params = {name: param.default for name, param in rule.params.items()}
        row = rows.get(code)
        if row is not None:
            params |= {name: value for name, value in row.params.items() if name in params}
        found.append(
            SetRule(
                rule=rule,
                is_on=row.is_on if row else True,
                weight=row.weight if row else rule.weight,
                params=params,
            )
        )
    return found


def line_now() -> int:
    return next((row.score for row in _line.read()), LINE)


def _settings() -> tuple[int, list[SetRule]]:
    """The line and all rules. One query; another one where the team has set rules."""
    line, is_set = planned_rows(SETTINGS_SQL, [])[0]
    return (LINE if line is None else line), _as_set(_rules.read() if is_set else ())


SETTINGS_SQL = """
SELECT (SELECT score FROM fraud_fraudline ORDER BY id LIMIT 1),
    EXISTS (SELECT FROM fraud_fraudrule)
"""
_rules: Prepared[FraudRule] = Prepared(lambda: FraudRule.objects.order_by("pk"))
_line: Prepared[FraudLine] = Prepared(lambda: FraudLine.objects.order_by("pk"))


def order_score(facts: Facts) -> Score:
    """Who is blocked has 100, who is trusted 0; else the weights of what the rules find, 100 at most."""
    line, rules = _settings()
    listed = listings_of(facts)
    for verdict, code, score in ((Verdict.BLOCKED, BLOCKED, MOST), (Verdict.TRUSTED, TRUSTED, 0)):
        rows = [one for one in listed if one.verdict == verdict]
        if rows:
            reasons = [_reason(code, score, {"shown": row.shown}) for row in rows]
            return Score(score, line, reasons)
    reasons = []
    asked = [one for one in rules if one.is_on and one.weight]
    facts.count(one.rule.wanted(one.params) for one in asked if isinstance(one.rule, Counting))
    for one in asked:
        found = one.rule.find(facts, one.params)
        if found is not None:
            reasons.append(_reason(one.rule.code, one.weight, found))
    return Score(min(MOST, sum(reason["weight"] for reason in reasons)), line, reasons)


def listings_of(facts: Facts) -> list[Listed]:
    """What is noted of anything about this order. One query."""
    values = values_of(facts)
    return _listed.read(**{kind: values.get(kind, "") for kind in ListedKind.values})


def _any_listed(**values: str) -> QuerySet[Listed]:
    """By kind; nothing is noted of an empty value."""
    wanted = Q()
    for kind, value in values.items():
        wanted |= Q(kind=kind, value=value)
    return Listed.objects.filter(wanted).order_by("pk")


_listed: Prepared[Listed] = Prepared(_any_listed, **dict.fromkeys(ListedKind.values, TEXT))


def values_of(facts: Facts) -> dict[str, str]:
    """By which an order is found in the lists."""
    found = {
        ListedKind.EMAIL: facts.email,
        ListedKind.DOMAIN: facts.domain,
        ListedKind.PHONE: facts.phone,
        ListedKind.PLACE: facts.check.place,
        ListedKind.NETWORK: facts.check.network,
        ListedKind.CARD: facts.check.card,
    }
    return {str(kind): value for kind, value in found.items() if value}


def _reason(code: str, weight: int, found: Mapping[str, Any]) -> dict[str, Any]:
    return {"code": code, "weight": weight, "facts": dict(found)}
