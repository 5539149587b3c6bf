"""The days that an order was promised for, reckoned anew when its money comes late."""

import datetime as dt

from django.utils import timezone

from orders.models import Order
from orders.rates.sheet import sheet_now
from orders.selectors import country_sent_to, facts_known
from orders.shipping.methods import leaves_on
from orders.shipping.of_order import way_of_order
from payments.gateways import gateway


def promise_renew(order: Order, *, paid_at: dt.datetime | None = None) -> bool:
    """Under the order's lock, as it is paid: a promise that rested on an earlier cut-off is moved.

    The first one stays in ``first_promised_until``. False: it holds, or there is none. It is never moved
    to an earlier day, and what the courier is paid for left without waiting for money.
    """
    facts, country = facts_known(order), country_sent_to(order)
    if not country or facts.promised_until is None:
        return False
    if facts.payment_method and gateway(facts.payment_method).ships_before_capture:
        return False
    moment = paid_at or timezone.now()
    # Few orders are paid after another cut-off, and only for them is it looked up how they are sent.
    if not _leaves_later(order, country, moment):
        return False
    way = way_of_order(order)
    if way is None:
        return False
    first, last = way.promise(moment)
    if last <= facts.promised_until:
        return False
    facts.first_promised_until = facts.first_promised_until or facts.promised_until
    facts.promised_from, facts.promised_until = first, last
    facts.save(update_fields=["promised_from", "promised_until", "first_promised_until"])
    return True


def _leaves_later(order: Order, country: str, moment: dt.datetime) -> bool:
    """Whether it leaves on a later day, ready only by ``moment``: of any way, its sender's days count."""
    sender = sheet_now().sender(country)
    return leaves_on(sender, moment) > leaves_on(sender, order.date_placed)
