"""Signs of fraud in the demo: one order waits for a look, two were decided, one mailbox is blocked."""

import datetime as dt
from typing import Any

from orders.fraud.facts import email_folded, place_digest
from orders.fraud.models import CheckState, FraudCheck, ListedKind, Verdict
from orders.fraud.settings import listed_add
from orders.life.holds import order_hold
from orders.life.models import HoldReason
from orders.models import Order
from orders.states import OrderState

ABROAD = {"code": "countries", "weight": 35, "facts": {"delivery": "DE", "card": "US"}}
TRIED = {"code": "refusals", "weight": 35, "facts": {"times": 4}}
OFTEN = {"code": "by_card", "weight": 35, "facts": {"orders": 5, "hours": 24}}


def watched_load(*, manager: Any, now: dt.datetime) -> None:
    """Orders that wait for their money are taken, so that nothing is missing from what is to pack."""
    newest = Order.objects.select_related("shipping_address", "user").order_by(
        "-date_placed", "-pk"
    )
    waiting = newest.filter(status=OrderState.PENDING, holds=None).first()
    good = newest.filter(status=OrderState.DELIVERED).first()
    bad = newest.filter(status=OrderState.CANCELLED).first()
    if waiting is not None:
        _checked(waiting, [ABROAD, TRIED], CheckState.HELD)
        order_hold(order=waiting, reason=HoldReason.FRAUD)
    for order, reasons, state, words in (
        (good, [ABROAD, OFTEN], CheckState.APPROVED, "Orders for her parents abroad."),
        (bad, [TRIED, OFTEN], CheckState.DECLINED, "The bank reported the card as stolen."),
    ):
        if order is not None:
            check = _checked(order, reasons, CheckState.CLEAR)
            check.state, check.words, check.decided_by, check.decided_at = (
                state,
                words,
                manager,
                now,
            )
            check.save()
    listed_add(
        kind=ListedKind.EMAIL,
        value=email_folded("quick.buyer@mail.example"),
        shown="quick.buyer@mail.example",
        verdict=Verdict.BLOCKED,
        reason="Stolen card",
        user=manager,
    )


def _checked(order: Order, reasons: list[dict[str, Any]], state: CheckState) -> FraudCheck:
    return FraudCheck.objects.create(
        order=order,
        placed_at=order.date_placed,
        email=email_folded(order.email or ""),
        place=place_digest(order.shipping_address),
        score=70,
        reasons=reasons,
        state=state,
    )
