"""What every gateway can do, and how it answers. Two kinds of failure, see payments.exceptions:
``GatewayRefused`` is final, ``GatewayUnavailable`` may be tried again with the same key."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable

from django.utils.functional import Promise

from payments.models import PaymentIntent


@dataclass(frozen=True)
class Opened:
    """An intent is known to the gateway. ``pay_url`` is empty where there is nothing to visit.

    ``pay_code``: the text of a code to scan, shown on our own pay page.
    """

    reference: str
    pay_url: str = ""
    pay_code: str = ""
    state: str = "open"


@dataclass(frozen=True)
class ProviderState:
    """What the provider says now. Amounts in major units of ``currency``.

    ``card``: the provider's print of the card that paid, the same for the same card; ``card_country``:
    where it was issued. Empty for what is no card. ``can_capture_in_parts``: this authorisation may be
    captured more than once; what was captured of it so far is then told while it is ``authorised``.
    ``refusal``: the payer's card was refused just now; the same text for the same try, whoever asks again.

    ``state`` is one of IntentState's ``open authorised captured cancelled failed``.
    """

    state: str
    currency: str
    amount_authorised: Decimal = Decimal(0)
    amount_captured: Decimal = Decimal(0)
    amount_refunded: Decimal = Decimal(0)
    reference: str = ""
    card: str = ""
    card_country: str = ""
    can_capture_in_parts: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class Refunded:
    """``is_done`` False: accepted, not yet confirmed; ask again."""

    reference: str
    is_done: bool


@dataclass(frozen=True)
class ProviderCharge:
    """Money that the provider took for us. Amounts in major units of ``currency``."""

    reference: str
    intent_key: str
    order_number: str
    currency: str
    amount_captured: Decimal
    amount_refunded: Decimal
    created_at: dt.datetime


@dataclass(frozen=True)
class WebhookNews:
    """A verified message. ``reference`` is the intent's at the gateway, empty if it concerns none."""

    event_id: str
    kind: str
    reference: str


class Gateway(Protocol):
    """One way to be paid. Every call has a timeout and is safe to repeat.

    Its money is booked as lying at its provider; one with ``books_to``, a role of the ledger's
    accounts, has it elsewhere.
    """

    code: str  # also in the address of its webhook
    icon: str  # of components/icon.html
    currencies: frozenset[str]  # that it takes; empty: every one
    home_language: str  # whose readers see it first, as "zh"; empty: nobody's
    webhook_answer: str  # what its provider wants to read; empty: any 200 will do
    is_hosted: bool  # the shopper goes to a page of the provider's
    ships_before_capture: bool  # cash on delivery: goods first, money at the door

    @property
    def is_ready(self) -> bool:
        """Whether it has what it needs to be offered: its keys."""
        ...

    @property
    def label(self) -> str | Promise: ...

    @property
    def help(self) -> str | Promise: ...

    @property
    def hold_minutes(self) -> int:
        """How long stock waits for the money; 0: as long as the order lives."""
        ...

    def open(self, intent: PaymentIntent) -> Opened: ...

    def fetch(self, intent: PaymentIntent) -> ProviderState: ...

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState: ...

    def cancel(self, intent: PaymentIntent) -> ProviderState: ...

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded: ...

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        """Raises ``WebhookInvalid``; ``GatewayUnavailable`` where the provider has to be asked."""
        ...


@runtime_checkable
class Captor(Protocol):
    """A gateway that takes an authorisation as the goods leave, under a key for each call.

    One without ``can_capture_in_parts`` takes it once, whole. Of those with it each authorisation says
    for itself whether it may be taken more than once (``ProviderState.can_capture_in_parts``).
    """

    can_authorise: bool
    can_capture_in_parts: bool

    def capture_part(
        self, intent: PaymentIntent, *, amount: Decimal, key: str, is_final: bool, number: int
    ) -> ProviderState:
        """Take ``amount`` beside ``intent.amount_captured``; the ``number``-th capture, from 1.

        Safe to repeat under the same ``key``, however late. The answer's ``reference`` is the capture's
        own. ``is_final``: the rest is released.
        """
        ...


@runtime_checkable
class Visited(Protocol):
    """A gateway that shoppers reach through our own pay page."""

    def visit(self, intent: PaymentIntent, *, is_phone: bool, address: str) -> str:
        """Where this shopper goes to pay. ``address``: the network's, of the shopper."""
        ...


@runtime_checkable
class Looker(Protocol):
    """A gateway that can be asked about one payment without anything happening by it."""

    def look(self, intent: PaymentIntent) -> ProviderState: ...


@runtime_checkable
class ChargeLister(Protocol):
    """A gateway whose provider lists all charges, ours or not."""

    def charges(self, *, created_after: int) -> list[ProviderCharge]: ...
