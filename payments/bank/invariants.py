"""What `manage.py verify` checks about bank lines beside payments."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from payments.bank.models import BankLine, Payout
from payments.models import IntentState, PaymentIntent, RefundState
from shop.core.money import ZERO
from shop.core.verify import invariant


@invariant("bank: what a line paid for is its shares, and what was paid in full is booked")
def lines_are_shares() -> Iterator[str]:
    rows = BankLine.objects.annotate(
        paid=Coalesce(Sum("shares__amount"), ZERO) + Coalesce(F("payout__refund__amount"), ZERO)
    )
    for line in rows.exclude(paid=F("amount_assigned")):
        yield f"bank line {line.pk}: {line.amount_assigned} assigned, shares {line.paid}"
    paid = PaymentIntent.objects.annotate(came=Sum("bank_shares__amount")).filter(came__gt=0)
    booked = Q(came=F("amount"), state=IntentState.CAPTURED)
    waits = Q(came__lt=F("amount"))  # or it was booked by hand
    for intent in paid.exclude(booked).exclude(waits):
        yield f"{intent.order_number}: {intent.came} came by bank, payment is {intent.state}"


@invariant("bank: a refund without a provider is done when somebody sent it, and not before")
def payouts_are_sent() -> Iterator[str]:
    rows = Payout.objects.select_related("refund__intent")
    sent = Q(sent_at__isnull=False)
    done = Q(refund__state=RefundState.DONE)
    for payout in rows.filter((sent & ~done) | (done & ~sent)):
        number = payout.refund.intent.order_number
        yield f"{number}: refund {payout.pk} is {payout.refund.state}, sent at {payout.sent_at}"
