"""Money that waits for a word: refunds above a limit, and bank lines that fit no order by themselves."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from crm.accounts import roles
from orders.models import Order
from orders.refunds.models import RefundRequest
from orders.refunds.services import refund_ask, refund_decline, refunds_of_request
from orders.returns.models import Return
from orders.states import OrderState
from payments.bank.models import BankLine
from payments.bank.selectors import TRANSFER
from payments.bank.services import bank_line_assign, statement_take
from payments.bank.statements import Read
from payments.models import IntentState, PaymentIntent
from payments.services import is_by_hand, refund_send
from payments.wallets.kinds import AS_CREDIT
from shop.core.models import OutboxDelivery
from shop.demo.loader.paid_out import account_named

ASKED = (
    ("Arrived with a crack", 3),
    ("Promised on the telephone", 27),
    ("Delivered a week late", 52),
)
SMALL = Decimal("12.50")  # within every limit
SHORT = Decimal(5)  # what one payer forgot
WAITING = (("order {}", SHORT), ("for the tableware", Decimal(0)))


def sent_back_load(*, accounts: Mapping[str, Any], now: dt.datetime) -> None:
    """Orders above the limit: two requests wait, one was declined; of another a part became credit."""
    agent, finance = accounts[roles.AGENT], accounts[roles.FINANCE]
    over = list(_orders().filter(total_incl_tax__gt=settings.REFUND_LIMIT)[: len(ASKED)])
    for (reason, hours), order in zip(ASKED, over, strict=False):
        asked = _ask(order, agent, reason, amount=order.total_incl_tax)
        asked_at = now - dt.timedelta(hours=hours)
        RefundRequest.objects.filter(pk=asked.pk).update(asked_at=asked_at)
        if reason == ASKED[-1][0]:
            refund_decline(asked=asked, user=finance, why="The promise had a day to go.")
    members = _orders().filter(user__isnull=False, total_incl_tax__gt=SMALL)
    for order in members.exclude(pk__in=[one.pk for one in over])[:1]:
        asked = _ask(
            order, agent, "For the trouble with the parcel", amount=SMALL, target=AS_CREDIT
        )
        for refund in refunds_of_request(asked):
            refund_send(refund=refund)
    _by_hand(agent)
    _statement(finance, now)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _by_hand(agent: Any) -> None:
    """Of two transfers a part goes back: one account is named, the other is waited for."""
    transfers = PaymentIntent.objects.filter(gateway=TRANSFER).values("order_number")
    orders = _orders().filter(number__in=transfers, total_incl_tax__gt=SMALL)
    for place, order in enumerate(orders.exclude(refund_asks__isnull=False)[:2]):
        asked = _ask(order, agent, "A plate had a chip", amount=SMALL)
        for refund in refunds_of_request(asked):
            if place == 0 and is_by_hand(refund):
                account_named(refund)


def _ask(order: Order, agent: Any, reason: str, **what: Any) -> RefundRequest:
    key = uuid5(NAMESPACE_URL, order.number)
    return refund_ask(order=order, reason=reason, key=key, user=agent, **what)


def _orders() -> QuerySet[Order]:
    """Paid and with nothing sent back; those that arrived first."""
    paid = PaymentIntent.objects.filter(state=IntentState.CAPTURED, amount_refunded=0)
    return (
        Order.objects.filter(currency="EUR", number__in=paid.values("order_number"))
        .exclude(status__in=(OrderState.PENDING, OrderState.CANCELLED))
        .exclude(pk__in=Return.objects.values("order"))
        .order_by("status", "total_incl_tax", "pk")
    )


def _statement(finance: Any, now: dt.datetime) -> None:
    """A statement of yesterday: paid in full, short, without a number, and from nobody we know."""
    day = timezone.localtime(now).date() - dt.timedelta(days=1)
    transfers = PaymentIntent.objects.filter(gateway=TRANSFER, currency="EUR", amount__gt=SHORT)
    paid = transfers.filter(state=IntentState.CAPTURED, amount_refunded=0).order_by("-pk")[:1]
    waiting = transfers.filter(state=IntentState.OPEN).order_by("-pk")[:2]
    stories = [(one, f"Order {one.order_number}", one.amount) for one in paid]
    stories += [
        (one, words.format(one.order_number), one.amount - less)
        for one, (words, less) in zip(waiting, WAITING, strict=False)
    ]
    rows = [
        Read(day, amount, one.currency, words, one.email, f"id:demo-{number}")
        for number, (one, words, amount) in enumerate(stories, start=1)
    ]
    rows.append(Read(day, Decimal("48.00"), "EUR", "Thank you", "A. Berger", "id:demo-0"))
    statement_take(rows=rows, user=finance)
    # The first was booked by hand before its statement came, the second is a part of what is owed.
    for line, (one, _words, _amount) in zip(
        BankLine.objects.order_by("pk"), stories[:2], strict=False
    ):
        bank_line_assign(line=line, intent=one, user=finance)
