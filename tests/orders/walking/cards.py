"""A provider of cards in this process: it authorises, is taken from in parts, and sends messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from payments.exceptions import GatewayRefused
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.gateways.own import OwnRow
from payments.models import PaymentIntent
from shop.core.money import ZERO

PATH = "tests.orders.walking.cards.Cards"


@dataclass
class Trade:
    """What the provider knows of one payment. ``calls`` and ``back``: keys that it knows."""

    amount: Decimal
    is_taken_later: bool
    state: str = "open"
    taken: Decimal = ZERO
    calls: set[str] = field(default_factory=set)
    back: dict[str, Decimal] = field(default_factory=dict)


#: By the key of their intent, which is another one in each walk.
TRADES: dict[UUID, Trade] = {}


class Cards(OwnRow):
    code, label, help, icon = "walk-card", "Card", "Of the walks", "card"
    is_hosted = can_authorise = can_capture_in_parts = True
    hold_minutes = 30

    def open(self, intent: PaymentIntent) -> Opened:
        TRADES.setdefault(intent.key, Trade(intent.amount, intent.is_taken_at_shipment))
        return Opened(reference=str(intent.key), pay_url="https://cards.example/")

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        trade = TRADES[intent.key]
        is_agreed = trade.state in ("authorised", "captured")
        return ProviderState(
            state=trade.state,
            currency=intent.currency,
            amount_authorised=trade.amount if is_agreed else ZERO,
            amount_captured=trade.taken,
            amount_refunded=sum(trade.back.values(), ZERO),
            reference=str(intent.key),
            can_capture_in_parts=trade.is_taken_later,
        )

    look = fetch

    def agree(self, intent: PaymentIntent) -> None:
        """The shopper says yes; nobody has told the shop."""
        trade = TRADES.get(intent.key)  # none: its page was never opened
        if trade is not None and trade.state == "open":
            trade.state = "authorised" if trade.is_taken_later else "captured"
            trade.taken = ZERO if trade.is_taken_later else trade.amount

    def lapse(self, intent: PaymentIntent) -> None:
        """The shopper's bank holds the money no longer."""
        trade = TRADES.get(intent.key)
        if trade is not None and trade.state == "authorised":
            trade.state = "captured" if trade.taken else "cancelled"

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        key = f"whole-{intent.key}"
        return self.capture_part(intent, amount=amount, key=key, is_final=True, number=1)

    def capture_part(
        self, intent: PaymentIntent, *, amount: Decimal, key: str, is_final: bool, number: int
    ) -> ProviderState:
        trade = TRADES[intent.key]
        if key not in trade.calls:
            if trade.state != "authorised" or trade.taken + amount > trade.amount:
                raise GatewayRefused(f"{trade.state}, {trade.taken} of {trade.amount} taken")
            trade.calls.add(key)
            trade.taken += amount
            if is_final:
                trade.state = "captured"
        return replace(self.fetch(intent), reference=f"{intent.key}/{number}")

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        trade = TRADES[intent.key]
        if trade.state in ("open", "authorised"):
            trade.state = "captured" if trade.taken else "cancelled"
        return self.fetch(intent)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        trade = TRADES[intent.key]
        if key not in trade.back and sum(trade.back.values(), amount) > trade.taken:
            raise GatewayRefused(f"{trade.taken} taken, {amount} more is not to be sent back")
        trade.back.setdefault(key, amount)
        return Refunded(reference=f"back-{key}", is_done=True)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        return WebhookNews(**json.loads(body))
