"""Money that waits for a word: refunds above a limit, and bank lines that fit no order by themselves."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from crm.accounts import roles
from orders.models import Order
from orders.refunds.models import RefundRequest
from orders.refunds.services import refund_ask, refund_decline
from orders.returns.models import Return
from orders.states import OrderState
from payments.bank.models import BankLine
from payments.bank.selectors import candidates
from payments.bank.services import statement_take
from payments.bank.statements import Read
from payments.models import IntentState, PaymentIntent

ASKED = (
    ("Arrived with a crack", 3),
    ("Promised on the telephone", 7),
    ("Delivered a week late", 12),
)


def sent_back_load(*, accounts: Mapping[str, Any], now: dt.datetime) -> None:
    """Safe to repeat: what is there already stays as it is."""
    if not RefundRequest.objects.exists():
        _requests(accounts, now)
    if not BankLine.objects.exists():
        _lines(accounts, now)


def _requests(accounts: Mapping[str, Any], now: dt.datetime) -> None:
    """The dearest orders of late: two requests wait, one was declined."""
    paid = PaymentIntent.objects.filter(state=IntentState.CAPTURED, amount_refunded=0)
    orders = (
        Order.objects.filter(status=OrderState.DELIVERED, number__in=paid.values("order_number"))
        .exclude(pk__in=Return.objects.values("order"))
        .filter(total_incl_tax__gt=210, currency="EUR", date_placed__gt=now - dt.timedelta(days=90))
        .order_by("-total_incl_tax", "pk")
    )
    for (reason, hours), order in zip(ASKED, orders[: len(ASKED)], strict=False):
        asked = refund_ask(
            order=order,
            reason=reason,
            amount=Decimal(205),
            key=uuid5(NAMESPACE_URL, order.number),
            user=accounts[roles.AGENT],
        )
        asked_at = now - dt.timedelta(hours=hours)
        RefundRequest.objects.filter(pk=asked.pk).update(asked_at=asked_at)
        if reason == ASKED[-1][0]:
            why = "The promise had a day to go."
            refund_decline(asked=asked, user=accounts[roles.FINANCE], why=why)


def _lines(accounts: Mapping[str, Any], now: dt.datetime) -> None:
    """One short, one without its number, one that nobody knows."""
    waiting = [one for one in candidates(with_given_up=False) if one.missing > 10][:2]
    day = now.date() - dt.timedelta(days=1)
    rows = [Read(day, Decimal("48.00"), "EUR", "Thank you", "A. Berger", "id:demo-0")]
    for number, one in enumerate(waiting, start=1):
        short = number == 1
        reference = f"order {one.intent.order_number}" if short else "for the tableware"
        amount = one.missing - (5 if short else 0)
        currency, payer = one.intent.currency, one.intent.email
        rows.append(Read(day, amount, currency, reference, payer, f"id:demo-{number}"))
    statement_take(rows=rows, user=accounts[roles.FINANCE])
