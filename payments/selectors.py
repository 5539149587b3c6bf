"""Reading money."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, QuerySet

from payments.gateways import gateway
from payments.models import (
    CARD_REFUSED,
    HOPED,
    Capture,
    IntentState,
    PaymentEntry,
    PaymentIntent,
    Refund,
    is_addition,
)
from shop.core.money import ZERO
from shop.core.planned import planned_rows
from shop.core.prepared import INTEGERS, KEY, TEXT, Prepared, related_known

WAITS = (IntentState.NEW, IntentState.OPEN)


def intents_of_order(order_number: str) -> list[PaymentIntent]:
    """All intents of an order, newest first, with entries, captures and refunds. Four queries, one
    without any; by statements that are put together once.
    """
    intents = _of_order.read(number=order_number)
    if intents:
        ids = [one.pk for one in intents]
        related_known(intents, "captures", _captures_of.read(ids=ids))
        related_known(intents, "entries", _entries_of.read(ids=ids))
        related_known(intents, "refunds", _refunds_of.read(ids=ids))
    return intents


_of_order: Prepared[PaymentIntent] = Prepared(lambda number: intents_in_short(number), number=TEXT)
_of_key: Prepared[PaymentIntent] = Prepared(
    lambda key: PaymentIntent.objects.filter(key=key), key=KEY
)
_captures_of: Prepared[Capture] = Prepared(
    lambda ids: Capture.objects.filter(intent__in=ids).order_by("pk"), ids=INTEGERS
)
_entries_of: Prepared[PaymentEntry] = Prepared(
    lambda ids: (
        PaymentEntry.objects.filter(intent__in=ids)
        .select_related("by")
        .order_by("happened_at", "pk")
    ),
    ids=INTEGERS,
)
_refunds_of: Prepared[Refund] = Prepared(
    lambda ids: (
        Refund.objects.filter(intent__in=ids)
        .select_related("requested_by")
        .order_by("created_at", "pk")
    ),
    ids=INTEGERS,
)


def intents_in_short(order_number: str) -> QuerySet[PaymentIntent]:
    """The same without what happened to them, to be narrowed. One query."""
    return PaymentIntent.objects.filter(order_number=order_number).order_by("-pk")


def intent_of_order(order_number: str) -> PaymentIntent | None:
    """The payment that stands for the order: see `intent_shown`. None for an order of nothing."""
    return intent_shown(intents_read(order_number))


def intents_read(order_number: str) -> list[PaymentIntent]:
    """`intents_in_short` as they stand now, by a statement that is put together once."""
    return _of_order.read(number=order_number)


def intent_of_key(key: UUID) -> PaymentIntent | None:
    """One query."""
    return next(iter(_of_key.read(key=key)), None)


def intent_shown(intents: Iterable[PaymentIntent]) -> PaymentIntent | None:
    """Of the payments of one order, newest first, the one to speak of.

    What still waits for the shopper, else what came or is promised, else what was tried last.
    """
    return min(intents, key=_rank, default=None)


def intents_of_orders(order_numbers: Iterable[str]) -> dict[str, list[PaymentIntent]]:
    """The payments of each of these orders by number, newest first, with refunds. Two queries."""
    rows = PaymentIntent.objects.filter(order_number__in=list(order_numbers))
    found: dict[str, list[PaymentIntent]] = {}
    for intent in rows.prefetch_related("refunds").order_by("-pk"):
        found.setdefault(intent.order_number, []).append(intent)
    return found


def _rank(intent: PaymentIntent) -> int:
    if is_addition(intent):
        return 4  # the order has a payment of its own
    if intent.state in WAITS:
        return 0 if gateway(intent.gateway).is_hosted else 1
    return 2 if intent.state in (IntentState.AUTHORISED, IntentState.CAPTURED) else 3


@dataclass(frozen=True)
class Standing:
    """How the money of one order stands, over all its payments; major units of its currency.

    ``captured`` was taken, ``refunded`` of it was asked back. ``promised``: authorised, and taken as
    the goods leave. ``at_door``: the courier is to bring it. ``hoped``: asked for, and may still come;
    what an addition asks for is not of the order yet.
    """

    captured: Decimal = ZERO
    refunded: Decimal = ZERO
    promised: Decimal = ZERO
    at_door: Decimal = ZERO
    hoped: Decimal = ZERO

    @property
    def kept(self) -> Decimal:
        return self.captured - self.refunded

    @property
    def covered(self) -> Decimal:
        """What an order counts as paid with."""
        return self.kept + self.promised

    @property
    def possible(self) -> Decimal:
        """What it may yet be paid with, if everything that was asked for comes."""
        return self.covered + self.at_door + self.hoped


def standing_of(order_number: str) -> Standing:
    """One query. Ask under the order's lock to decide on it."""
    return standing(intents_read(order_number))


def refusals_of(order_number: str) -> int:
    """How often a card was refused for the order, as providers told. One query."""
    return planned_rows(REFUSALS_SQL, [order_number])[0][0]


def refusals_sql(number: str) -> str:
    """The count of them as a part of a statement, where ``number`` stands for the order's.

    By the index of what refusals are of, which is small: cards are seldom refused.
    """
    return f"""
SELECT count(*) FROM payments_webhookevent
WHERE kind IN {CARD_REFUSED!r}
AND reference IN (SELECT key::text FROM payments_paymentintent WHERE order_number = {number})
"""  # noqa: S608  constants


REFUSALS_SQL = refusals_sql("%s")


def orders_with_money(numbers: Iterable[str]) -> set[str]:
    """Of these orders, those of whose payments something is kept. One query."""
    rows = PaymentIntent.objects.filter(
        order_number__in=list(numbers), amount_captured__gt=F("amount_refunded")
    )
    return set(rows.order_by().values_list("order_number", flat=True))


def standing(intents: Iterable[PaymentIntent]) -> Standing:
    """How these payments of one order stand together."""
    intents = list(intents)
    waiting = [one for one in intents if one.state in HOPED]
    promised = [one for one in waiting if _is_promised(one)]
    at_door = [one for one in waiting if _is_at_door(one)]
    rest = [
        one
        for one in waiting
        if one not in promised and one not in at_door and not is_addition(one)
    ]
    return Standing(
        captured=_sum(one.amount_captured for one in intents),
        refunded=_sum(one.amount_refunded for one in intents),
        promised=_sum(held_of(one) for one in promised),
        at_door=_sum(one.amount - one.amount_captured for one in at_door),
        hoped=_sum(one.amount - one.amount_captured for one in rest),
    )


def held_of(intent: PaymentIntent) -> Decimal:
    """What of an authorisation is neither taken nor released yet."""
    return intent.amount_authorised - intent.amount_captured if _is_promised(intent) else ZERO


def _is_promised(intent: PaymentIntent) -> bool:
    return intent.is_taken_at_shipment and intent.state == IntentState.AUTHORISED


def _is_at_door(intent: PaymentIntent) -> bool:
    is_authorised = intent.state == IntentState.AUTHORISED
    return is_authorised and gateway(intent.gateway).ships_before_capture


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
