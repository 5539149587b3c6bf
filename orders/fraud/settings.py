"""Setting the rules, the line, and the lists of who is blocked or trusted."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from orders.fraud.facts import Facts, email_folded, phone_digits
from orders.fraud.models import FraudLine, FraudRule, Listed, ListedKind, Verdict
from orders.fraud.scoring import values_of


def rule_set(
    *, code: str, is_on: bool, weight: int, params: Mapping[str, Any], user: Any
) -> FraudRule:
    """From now on the rule works like this; orders that were checked keep their score."""
    values = {"is_on": is_on, "weight": weight, "params": dict(params), "changed_by": user}
    row, _is_new = FraudRule.objects.update_or_create(code=code, defaults=values)
    return row


def line_set(*, score: int) -> None:
    """From which score on orders wait; 101: none does."""
    FraudLine.objects.update_or_create(pk=1, defaults={"score": score})


def value_folded(kind: str, text: str) -> str:
    """As it is compared. Raises ``ValueError`` for what is none of its kind."""
    text = text.strip()
    if kind == ListedKind.EMAIL and "@" in text:
        return email_folded(text)
    if kind == ListedKind.DOMAIN and "." in text:
        return text.casefold().lstrip("@")
    if kind == ListedKind.PHONE and phone_digits(text):
        return phone_digits(text)
    if kind == ListedKind.NETWORK:
        return str(ipaddress.ip_address(text))
    raise ValueError(text)


def listed_add(
    *, kind: str, value: str, shown: str, verdict: str, reason: str, user: Any
) -> Listed:
    """Note somebody; noted before, the verdict is the new one."""
    values = {"shown": shown[:254], "verdict": verdict, "reason": reason[:200], "added_by": user}
    row, _is_new = Listed.objects.update_or_create(kind=kind, value=value[:254], defaults=values)
    return row


@transaction.atomic
def order_listed(*, facts: Facts, verdict: Verdict, reason: str, user: Any) -> None:
    """Note e-mail, telephone, address and card of an order; not the network, which many share."""
    order = facts.order
    address = order.shipping_address
    names = {
        ListedKind.EMAIL: order.email or "",
        ListedKind.PHONE: str(address.phone_number or "") if address else "",
        ListedKind.PLACE: address.summary if address else "",
        ListedKind.CARD: f"… {facts.check.card[-6:]}",
    }
    values = values_of(facts)
    for kind, shown in names.items():
        if kind in values:
            listed_add(
                kind=kind,
                value=values[kind],
                shown=shown,
                verdict=verdict,
                reason=reason,
                user=user,
            )


def listed_remove(*, pk: int) -> bool:
    """False: it is gone already."""
    return bool(Listed.objects.filter(pk=pk).delete()[0])
