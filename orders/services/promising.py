"""The days that an order was promised for, reckoned anew when its money comes late."""

import datetime as dt

from django.utils import timezone

from orders.models import Order
from orders.shipping.of_order import way_of_order
from payments.gateways import gateway


def promise_renew(order: Order, *, paid_at: dt.datetime | None = None) -> bool:
    """Under the order's lock, as it is paid: a promise that rested on an earlier cut-off is moved.

    The first one stays in ``first_promised_until``. False: it holds, or there is none. It is never moved
    to an earlier day, and what the courier is paid for left without waiting for money.
    """
    facts = order.facts
    if order.shipping_address_id is None or facts.promised_until is None:
        return False
    if facts.payment_method and gateway(facts.payment_method).ships_before_capture:
        return False
    way, moment = way_of_order(order), paid_at or timezone.now()
    if way is None or way.leaves(moment) <= way.leaves(order.date_placed):
        return False
    first, last = way.promise(moment)
    if last <= facts.promised_until:
        return False
    facts.first_promised_until = facts.first_promised_until or facts.promised_until
    facts.promised_from, facts.promised_until = first, last
    facts.save(update_fields=["promised_from", "promised_until", "first_promised_until"])
    return True
