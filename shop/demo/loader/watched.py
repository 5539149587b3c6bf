"""Signs of fraud in the demo: one order waits for a look, two were decided, one mailbox is blocked."""

import datetime as dt
from typing import Any

from orders.fraud.facts import Facts, email_folded, place_digest
from orders.fraud.models import CheckState, FraudCheck, ListedKind, Verdict
from orders.fraud.scoring import order_score
from orders.fraud.settings import listed_add
from orders.life.holds import order_hold
from orders.life.models import HoldReason
from orders.models import Order
from orders.states import OrderState
from payments.models import PaymentIntent, WebhookEvent
from shop.demo.loader.bulk import bulk

CARD_COUNTRY, REFUSED_TIMES = "US", 4


def watched_load(*, manager: Any, now: dt.datetime) -> None:
    """Orders that wait for their money are taken, so that nothing is missing from what is to pack."""
    sent = Order.objects.filter(shipping_address__isnull=False)
    newest = sent.select_related("shipping_address", "user").order_by("-date_placed", "-pk")
    waiting = newest.filter(status=OrderState.PENDING, holds=None).first()
    good = newest.filter(status=OrderState.DELIVERED).first()
    bad = newest.filter(status=OrderState.CANCELLED).first()
    if waiting is not None:
        _checked(waiting, CheckState.HELD)
        order_hold(order=waiting, reason=HoldReason.FRAUD)
    for order, state, words in (
        (good, CheckState.APPROVED, "Orders for her parents abroad; she mistyped the card's code."),
        (bad, CheckState.DECLINED, "The bank reported the card as stolen."),
    ):
        if order is not None:
            check = _checked(order, CheckState.CLEAR)
            check.state, check.words = state, words
            check.decided_by, check.decided_at = manager, now
            check.save()
    listed_add(
        kind=ListedKind.EMAIL,
        value=email_folded("quick.buyer@mail.example"),
        shown="quick.buyer@mail.example",
        verdict=Verdict.BLOCKED,
        reason="Stolen card",
        user=manager,
    )


def _checked(order: Order, state: CheckState) -> FraudCheck:
    """What the rules find once cards were refused and one from far away was tried."""
    intent = PaymentIntent.objects.filter(order_number=order.number).first()
    if intent is not None:
        bulk(
            WebhookEvent(
                provider="stripe",
                event_id=f"evt_past_{order.number}_{time}",
                kind="charge.failed",
                reference=str(intent.key),
                received_at=order.date_placed,
                processed_at=order.date_placed,
                outcome="nothing new",
            )
            for time in range(REFUSED_TIMES)
        )
    check = FraudCheck(
        order=order,
        placed_at=order.date_placed,
        email=email_folded(order.email or ""),
        place=place_digest(order.shipping_address),
        card_country=CARD_COUNTRY,
        state=state,
    )
    found = order_score(Facts(order=order, check=check))
    check.score, check.line, check.reasons = found.score, found.line, found.reasons
    check.save()
    return check
