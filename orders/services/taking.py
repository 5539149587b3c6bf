"""Taking what was authorised, as the goods leave."""

import logging

from django.db.models import F

from orders.fulfilment.models import Shipment
from orders.models import Order
from payments.exceptions import GatewayRefused, PaymentError
from payments.models import IntentState, PaymentIntent
from payments.selectors import standing_of
from payments.services import intent_capture, intent_refresh
from payments.services.problems import problem_note
from shop.core.money import ZERO

logger = logging.getLogger(__name__)


def shipped_take(*, limit: int = 200) -> int:
    """Take the money of orders of which a parcel has left; how many payments were tried.

    What the order costs is taken, the rest of the authorisation is released. Safe to repeat and side
    by side: the gateway takes once, the intent books once. What a provider refuses becomes a problem
    for finance.
    """
    left = Shipment.objects.filter(shipped_at__isnull=False).values("order__number")
    due = PaymentIntent.objects.filter(
        is_taken_at_shipment=True, state=IntentState.AUTHORISED, order_number__in=left, problem=""
    ).order_by(F("checked_at").asc(nulls_first=True), "pk")[:limit]
    for intent in due:
        try:
            _take(intent)
        except PaymentError as error:  # the others are taken
            logger.warning("intent %s: %s", intent.pk, error)
    return len(due)


def _take(intent: PaymentIntent) -> None:
    order = Order.objects.get(number=intent.order_number)
    money = standing_of(order.number)
    wanted = order.total_incl_tax - money.captured
    try:
        if wanted > ZERO:
            amount = min(wanted, intent.amount_authorised)
            intent_capture(intent=intent, amount=amount, source="shop")
    except GatewayRefused as error:
        intent_refresh(intent=intent, source="shop")
        problem_note(intent=intent, text=f"the goods left, {wanted} was not taken: {error}")
