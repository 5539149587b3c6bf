"""Changing an order while its customer may stand before a payment page that shows the old sum.

The page is ended at its provider before anything is changed, so that never two sums can be paid. While
the provider is asked no lock is held; meanwhile a payment of the old sum, which nobody has seen, stands in
the order, so that a crash at any point leaves an order that can be paid or expires.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from orders.exceptions import EditRefused
from orders.locks import order_lock
from orders.models import Order
from orders.states import OrderState
from payments.exceptions import GatewayRefused, GatewayUnavailable, ImpossibleStep
from payments.gateways import gateway
from payments.models import REST, IntentState, PaymentIntent, is_addition
from payments.selectors import WAITS, intents_read
from payments.services import intent_cancel, intent_refresh, intent_replace
from shop.core.locks import retry_on_conflict


class PaymentInTheWay(EditRefused):
    """Nothing else speaks against the change, but the customer can pay the old sum right now."""


def order_change_unpaid(*, order: Order, change: Callable[[], bool]) -> bool:
    """Do ``change``, a service that edits ``order``; if a payment page stands in its way, end that first.

    Not inside a transaction. Raises ``EditRefused`` with words for the clerk, also where the customer
    has paid meanwhile; nothing is then changed.
    """
    try:
        return change()
    except PaymentInTheWay:
        _refuse_what_is_paid(order)
        for intent in _set_aside(order):
            _end(intent)
    return change()


def waiting_at_provider(order: Order, intents: Sequence[PaymentIntent]) -> PaymentIntent | None:
    """Of an order that is not paid, the payment that a provider's page asks for; the newest."""
    if order.status != OrderState.PENDING:
        return None
    return next((one for one in intents if one.state in WAITS and _is_of_a_page(one)), None)


def asked_anew(intents: Sequence[PaymentIntent], waiting: PaymentIntent, amount: Decimal) -> None:
    """Under the order's lock: from now on ``amount`` is asked for instead of ``waiting``.

    Raises ``PaymentInTheWay`` while a page of the old sum is open, or is not known to have ended.
    """
    is_ending = any(one.state == IntentState.CANCELLING and _is_of_a_page(one) for one in intents)
    try:
        if is_ending or waiting.state != IntentState.NEW:
            raise ImpossibleStep("its page may be open")
        intent_replace(intent=waiting, amount=amount)
    except ImpossibleStep as error:
        text = _("The customer may be paying the old sum right now. Please try again in a minute.")
        raise PaymentInTheWay(text) from error


def _refuse_what_is_paid(order: Order) -> None:
    """Ask first: what the customer has agreed to a moment ago is theirs, and is not taken from them."""
    for intent in intents_read(order.number):
        if intent.state != IntentState.OPEN or not _is_of_a_page(intent):
            continue
        try:
            known = intent_refresh(intent=intent, source="operator")
        except (GatewayUnavailable, GatewayRefused) as error:
            raise EditRefused(_no_answer()) from error
        if known.state in (IntentState.AUTHORISED, IntentState.CAPTURED):
            raise EditRefused(_just_paid())


@retry_on_conflict
def _set_aside(order: Order) -> list[PaymentIntent]:
    """Each payment with a page gets a twin that nobody has seen; those that a provider is to end."""
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        intents = [one for one in intents_read(order.number) if _is_of_a_page(one)]
        if order.status == OrderState.PENDING:
            for one in sorted(intents, key=lambda one: one.pk):
                if one.state == IntentState.OPEN:
                    intent_replace(intent=one)
        return [
            one
            for one in intents_read(order.number)
            if one.state == IntentState.CANCELLING and _is_of_a_page(one)
        ]


def _end(intent: PaymentIntent) -> None:
    try:
        intent = intent_cancel(intent=intent, source="operator")
    except (GatewayUnavailable, GatewayRefused) as error:
        raise EditRefused(_no_answer()) from error
    if intent.state == IntentState.CAPTURED:
        raise EditRefused(_just_paid())
    if intent.state == IntentState.CANCELLING:
        text = _("The customer may be paying the old sum right now. Please try again in a minute.")
        raise EditRefused(text)


def _is_of_a_page(intent: PaymentIntent) -> bool:
    """Whether the shopper pays it at a provider, and the order cannot do without it."""
    is_apart = is_addition(intent) or intent.part.startswith(REST)
    return not is_apart and gateway(intent.gateway).is_hosted


def _no_answer() -> str:
    return _("The payment provider does not answer, so nothing was changed. Please try again.")


def _just_paid() -> str:
    return _("The customer has just paid, so nothing was changed. Please look at the order again.")
