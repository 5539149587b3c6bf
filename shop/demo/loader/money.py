"""The money of the past: intents, their ledger, and refunds."""

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_noop

from orders.states import OrderState
from payments.gateways import gateway
from payments.models import (
    EntryKind,
    IntentState,
    PaymentEntry,
    PaymentIntent,
    Refund,
    RefundState,
)
from shop.demo.loader.bulk import bulk, dates_as_given

if TYPE_CHECKING:
    from shop.demo.loader.history import Draft

PAST = "past_"  # begins the references of payments that no provider knows any more
RETURNED, CANCELLED = gettext_noop("Returned within 30 days"), gettext_noop("Cancelled")


class Payments:
    """Writes one intent per order with money to pay, as it stands after the order's life."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def write(self, drafts: "Iterable[Draft]") -> None:
        drafts = list(drafts)
        with dates_as_given((PaymentIntent, "updated_at")):
            intents = bulk(self._intent(draft) for draft in drafts)
        pairs = list(zip(drafts, intents, strict=True))
        bulk(entry for draft, intent in pairs for entry in self._entries(draft, intent))
        bulk(refund for draft, intent in pairs for refund in self._refunds(draft, intent))

    def _intent(self, draft: "Draft") -> PaymentIntent:
        plan, order, life = draft.plan, draft.order, draft.life
        state = self._state(draft)
        captured = order.total_incl_tax if state == IntentState.CAPTURED else Decimal(0)
        was_returned = life.refunded_at or life.state == OrderState.CANCELLED
        key = UUID(int=self.rng.getrandbits(128), version=4)
        return PaymentIntent(
            order_number=order.number,
            gateway=life.gateway,
            key=key,
            state=state,
            amount=order.total_incl_tax,
            currency=order.currency,
            amount_authorised=captured,
            amount_captured=captured,
            amount_refunded=captured if was_returned else Decimal(0),
            reference=f"{life.gateway}-{key}" if life.gateway == "transfer" else f"{PAST}{key.hex}",
            email=plan.email,
            language=plan.language,
            created_at=plan.placed_at,
            updated_at=life.last_change or plan.placed_at,
            checked_at=plan.placed_at,
            expires_at=_hold_until(draft) if state == IntentState.OPEN else None,
        )

    def _state(self, draft: "Draft") -> str:
        if OrderState.PAID in draft.life.moments:
            return IntentState.CAPTURED
        is_ended = draft.life.state == OrderState.CANCELLED
        return IntentState.CANCELLED if is_ended else IntentState.OPEN

    def _entries(self, draft: "Draft", intent: PaymentIntent) -> Iterable[PaymentEntry]:
        moments = draft.life.moments
        if intent.state == IntentState.CAPTURED:
            yield PaymentEntry(
                intent=intent,
                kind=EntryKind.CAPTURED,
                amount=intent.amount_captured,
                source="operator" if draft.life.gateway == "transfer" else "return",
                reference=intent.reference,
                happened_at=moments[OrderState.PAID],
            )
        elif intent.state == IntentState.CANCELLED:
            yield PaymentEntry(
                intent=intent,
                kind=EntryKind.CANCELLED,
                source="shop",
                happened_at=moments[OrderState.CANCELLED],
            )
        if intent.amount_refunded:
            yield PaymentEntry(
                intent=intent,
                kind=EntryKind.REFUNDED,
                amount=intent.amount_refunded,
                source="operator",
                reference=f"{intent.reference}-back",
                happened_at=draft.life.refunded_at or moments[OrderState.CANCELLED],
            )

    def _refunds(self, draft: "Draft", intent: PaymentIntent) -> Iterable[Refund]:
        if not intent.amount_refunded:
            return
        moment = draft.life.refunded_at or draft.life.moments[OrderState.CANCELLED]
        yield Refund(
            intent=intent,
            key=f"past-{intent.key}",
            amount=intent.amount_refunded,
            reason=RETURNED if draft.life.refunded_at else CANCELLED,
            state=RefundState.DONE,
            reference=f"{intent.reference}-back",
            created_at=moment,
            settled_at=moment,
        )


def _hold_until(draft: "Draft") -> dt.datetime:
    hold = gateway(draft.life.gateway).hold_minutes
    return draft.plan.placed_at + dt.timedelta(minutes=hold)
