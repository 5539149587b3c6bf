"""What `manage.py verify` checks about money."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from payments.models import EntryKind, PaymentIntent, RefundState
from shop.core.verify import invariant


@invariant("money: refunded <= captured <= authorised <= asked, nothing below zero")
def amounts_in_order() -> Iterator[str]:
    off = PaymentIntent.objects.filter(
        Q(amount_refunded__gt=F("amount_captured"))
        | Q(amount_captured__gt=F("amount_authorised"))
        | Q(amount_authorised__gt=F("amount"))
        | Q(amount_refunded__lt=0)
    )
    for intent in off:
        yield f"{intent.order_number}: {intent.amount_refunded}/{intent.amount_captured}/{intent.amount_authorised}"


@invariant("money: captured is the sum of its entries")
def captured_is_entries() -> Iterator[str]:
    captured = Coalesce(
        Sum("entries__amount", filter=Q(entries__kind=EntryKind.CAPTURED)), Decimal(0)
    )
    for intent in PaymentIntent.objects.annotate(booked=captured).exclude(
        booked=F("amount_captured")
    ):
        yield f"{intent.order_number}: {intent.amount_captured} captured, entries say {intent.booked}"


@invariant("money: refunded is the sum of its refunds, and done refunds have their entries")
def refunded_is_refunds() -> Iterator[str]:
    wanted = Coalesce(
        Sum("refunds__amount", filter=~Q(refunds__state=RefundState.REFUSED)), Decimal(0)
    )
    for intent in PaymentIntent.objects.annotate(booked=wanted).exclude(
        booked=F("amount_refunded")
    ):
        yield f"{intent.order_number}: {intent.amount_refunded} refunded, refunds say {intent.booked}"
    done = Coalesce(Sum("refunds__amount", filter=Q(refunds__state=RefundState.DONE)), Decimal(0))
    settled = dict(PaymentIntent.objects.annotate(done=done).values_list("pk", "done"))
    entered = Coalesce(
        Sum("entries__amount", filter=Q(entries__kind=EntryKind.REFUNDED)), Decimal(0)
    )
    for intent in PaymentIntent.objects.annotate(entered=entered):
        if intent.entered != settled[intent.pk]:
            yield f"{intent.order_number}: refunds done {settled[intent.pk]}, entries {intent.entered}"
