"""Taking what was authorised, as the goods leave: for each parcel what its things cost."""

import logging
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Concat

from orders.fulfilment.models import Shipment, ShipmentLine
from orders.locks import order_lock
from orders.models import Order
from orders.states import AFTER_SHIPPING
from payments.gateways import gateway
from payments.models import Capture, IntentState, PaymentIntent
from payments.selectors import standing_of
from payments.services import capture_request, captures_send
from payments.services.captures import claimed
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, shares

logger = logging.getLogger(__name__)

PARCEL = "parcel:"
REST = "rest"


def is_to_be_taken_at_shipment(gateway_code: str, lines: Iterable[Any]) -> bool:
    """Where the shop wants it, the gateway can, and all of it is goods: the rest is handed over at
    once. ``lines``: of a basket or an order."""
    is_wanted = gateway_code in settings.CAPTURE_AT_SHIPMENT
    if not is_wanted or not getattr(gateway(gateway_code), "can_authorise", False):
        return False
    products = [line.product for line in lines]
    return all(one and one.get_product_class().requires_shipping for one in products)


def shipped_take(*, limit: int = 200) -> int:
    """Take the money for parcels that left; how many captures were tried.

    Decided on under the order's lock, a capture for each parcel, and asked for after it. Safe to repeat
    and side by side: a parcel has one capture, the gateway takes it once, the intent books it once.
    What a provider refuses becomes a problem for finance, and somebody may ask for it again.
    """
    for number in _orders_due(limit):
        try:
            parcels_decide(order_number=number)
        except Exception:  # whatever it is, the others are taken
            logger.exception("order %s: nothing could be decided", number)
    return captures_send(limit=limit)


@retry_on_conflict
def parcels_decide(*, order_number: str) -> int:
    """Write what is to be taken for each parcel of an order that left; how many captures are new.

    A parcel takes what its units cost, and the first one delivery and surcharges too; what else paid
    for the order (a gift card) counts first, so that never more is taken than what left costs. When
    nothing stays behind, the last one takes what the order costs by then, to the cent, and the rest is
    released; where no parcel is left for that, it is released alone. An authorisation that can be taken
    only once takes all with the first parcel.
    """
    order = order_lock(number=order_number)
    intents = _promised(order)
    parcels = list(order.shipments.filter(shipped_at__isnull=False).order_by("shipped_at", "pk"))
    if not intents or not parcels:
        return 0
    intent, *others = intents
    known = set(intent.captures.values_list("key", flat=True))
    due = [one for one in parcels if f"{PARCEL}{one.pk}" not in known]
    is_all_gone = not order.lines.filter(num_allocated__gt=0).exists()
    gone = [one for one in parcels if one not in due]
    made = 0
    for parcel in due:
        gone.append(parcel)
        is_last = is_all_gone and parcel is due[-1]
        made += _decide(order, intent, f"{PARCEL}{parcel.pk}", gone, is_last=is_last)
    if is_all_gone:
        made += _decide(order, intent, REST, gone, is_last=True)
        for other in others:  # a part that was paid for twice
            made += _decide(order, other, REST, gone, is_last=True)
    return made


def cost_of(order: Order, parcels: list[Shipment]) -> Decimal:
    """What these parcels of an order cost together, tax, delivery and surcharges included.

    Of a line the share of its units, as `shares` splits it, so that the sum over all is the total.
    """
    units: Counter[int] = Counter()
    rows = ShipmentLine.objects.filter(shipment__in=parcels).order_by()
    for line_id, number in rows.values_list("order_line").annotate(units=Sum("quantity")):
        units[line_id] += number
    more = order.surcharges.aggregate(sum=Sum("incl_tax"))["sum"] or ZERO
    cost = order.shipping_incl_tax + more
    for line in order.lines.all():
        gone = min(units[line.pk], line.quantity)
        cost += share_of(line.line_price_incl_tax, gone, line.quantity, order.currency)
    return cost


def share_of(price: Decimal, gone: int, units: int, currency: str) -> Decimal:
    """What ``gone`` of the ``units`` of a line cost; of one more never less."""
    return shares(price, [gone, units - gone], currency)[0]


def _decide(
    order: Order, intent: PaymentIntent, key: str, gone: list[Shipment], *, is_last: bool
) -> int:
    """One capture, unless the final one was decided on: how many were."""
    if intent.captures.filter(Q(is_final=True) | Q(key=key)).exists():
        return 0
    is_whole = is_last or not intent.is_taken_in_parts
    cost = order.total_incl_tax if is_whole else cost_of(order, gone)
    claims = sum((claimed(one) for one in _promised(order)), ZERO)
    wanted = max(cost - standing_of(order.number).captured - claims, ZERO)
    capture_request(intent=intent, amount=wanted, key=key, is_final=is_whole)
    return 1


def _promised(order: Order) -> list[PaymentIntent]:
    rows = PaymentIntent.objects.filter(
        order_number=order.number, is_taken_at_shipment=True, state=IntentState.AUTHORISED
    )
    return list(rows.order_by("pk"))


def _orders_due(limit: int) -> list[str]:
    """Numbers of orders of which a parcel left that has no capture yet, or of which nothing more leaves."""
    key = Concat(Value(PARCEL), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    mine = Capture.objects.filter(intent__order_number=OuterRef("order__number"))
    left = Shipment.objects.filter(shipped_at__isnull=False)
    untaken = left.exclude(Exists(mine.filter(key=key))).values("order__number")
    final = Capture.objects.filter(intent=OuterRef("pk"), is_final=True)
    is_over = Order.objects.filter(status__in=AFTER_SHIPPING).values("number")
    due = PaymentIntent.objects.filter(
        is_taken_at_shipment=True, state=IntentState.AUTHORISED
    ).filter(~Exists(final), Q(order_number__in=untaken) | Q(order_number__in=is_over))
    rows = due.order_by(F("checked_at").asc(nulls_first=True), "pk")[:limit]
    return list(dict.fromkeys(rows.values_list("order_number", flat=True)))
