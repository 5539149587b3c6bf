"""Goods that would leave although nobody paid or promised their price: an authorisation ended between
two parcels. They stay here; the way out is to ask for what is missing by a link."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.additions.services import ways_to_pay
from orders.exceptions import NotPaid, StepRefused
from orders.fulfilment.models import Shipment
from orders.locks import order_lock
from orders.models import Order
from orders.services.taking import cost_of
from orders.states import HOLDING
from payments.models import REST, IntentState, PaymentIntent, rest
from payments.selectors import standing
from payments.services import intent_create
from shop.core.events import OrderRestAsked
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO
from shop.core.outbox import emit

LINK = dt.timedelta(hours=24)  # no provider's page lives longer


def unpaid_of(order: Order, parcel: Shipment | None = None) -> Decimal:
    """What of the goods that left and of ``parcel`` (None: of the whole order) nobody paid or promised.

    Only an order whose money is taken as the goods leave has any. One query, three more where its
    money does not cover it.
    """
    intents = list(PaymentIntent.objects.filter(order_number=order.number))
    unpaid = unpaid_at(order, intents, order.total_incl_tax)
    if not unpaid or parcel is None:
        return unpaid
    gone = order.shipments.filter(shipped_at__isnull=False).exclude(pk=parcel.pk)
    cost = min(cost_of(order, [*gone, parcel]), order.total_incl_tax)
    return unpaid_at(order, intents, cost)


def unpaid_at(order: Order, intents: Iterable[PaymentIntent], cost: Decimal) -> Decimal:
    """The same where these payments are all of the order, and ``cost`` is what they have to cover."""
    intents = list(intents)
    if order.status not in HOLDING or not any(one.is_taken_at_shipment for one in intents):
        return ZERO
    money = standing(intents)
    # What was sent back on purpose has been paid all the same.
    return max(cost - money.captured - money.promised - money.at_door, ZERO)


def refuse_unpaid(order: Order, parcel: Shipment) -> None:
    """Under the order's lock: raises ``NotPaid`` where the parcel would leave unpaid."""
    if unpaid_of(order, parcel):
        text = _("Order %(number)s is not paid in full any more: put the parcel aside.")
        raise NotPaid(text % {"number": order.number})


@retry_on_conflict
def rest_ask(*, order: Order, user: Any = None) -> PaymentIntent:
    """Ask the customer once more for what is missing, by a link that lives a day; a mail follows.

    Asked for again while the link lives it gives the same. Raises ``StepRefused`` where nothing is
    missing, or where no way to pay leads there.
    """
    with transaction.atomic():
        order = order_lock(order_id=order.pk)
        mine = PaymentIntent.objects.filter(order_number=order.number)
        waiting = rest_waiting(order)
        if waiting is not None:
            return waiting
        missing = unpaid_of(order)
        if not missing:
            raise StepRefused(_("Nothing is missing: it is paid, or its payment is authorised."))
        ways = {one.code for one in ways_to_pay(order)}
        ended = mine.filter(is_taken_at_shipment=True).order_by("-pk").first()
        code = ended.gateway if ended and ended.gateway in ways else next(iter(sorted(ways)), "")
        if not code:
            raise StepRefused(_("No way to pay by a link is set up."))
        intent = intent_create(
            order_number=order.number,
            part=rest(mine.filter(part__startswith=REST).count() + 1),
            gateway_code=code,
            amount=missing,
            currency=order.currency,
            email=order.email or "",
            language=order.facts.language,
            expires_at=timezone.now() + LINK,
        )
        emit(OrderRestAsked(order_number=order.number, intent_id=intent.pk))
    return intent


def rest_waiting(order: Order) -> PaymentIntent | None:
    """The payment that was asked for and may still come."""
    rows = PaymentIntent.objects.filter(order_number=order.number, part__startswith=REST)
    return rows.filter(
        state__in=(IntentState.NEW, IntentState.OPEN), expires_at__gt=timezone.now()
    ).first()
