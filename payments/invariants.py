"""What `manage.py verify` checks about money."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from payments.exceptions import PaymentError
from payments.gateways.base import ProviderCharge
from payments.gateways.stripe import StripeGateway
from payments.models import EntryKind, IntentState, PaymentIntent, RefundState
from shop.core.verify import NothingToCheck, invariant

SESSION = "cs_"  # begins the references of what was opened at a provider that can be asked


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


STILL_MOVING = dt.timedelta(minutes=10)  # the reconciler has asked about everything older
LOOK_BACK = dt.timedelta(days=90)


@invariant("money: what the provider holds is what we booked, charge by charge")
def provider_agrees() -> Iterator[str]:
    """Both ways over ``LOOK_BACK``: no charge that we do not know, none that the provider denies."""
    if not settings.STRIPE_SECRET_KEY:
        raise NothingToCheck("no card provider is configured")
    since = timezone.now() - LOOK_BACK
    try:
        charges = StripeGateway().charges(created_after=int(since.timestamp()))
    except PaymentError as error:
        yield f"the card provider does not answer: {error}"
        return
    told = Q(created_at__gte=since) | Q(key__in=list(_keys(one.intent_key for one in charges)))
    sessions = PaymentIntent.objects.filter(gateway="stripe", reference__startswith=SESSION)
    ours = {str(one.key): one for one in sessions.filter(told)}
    seen: dict[str, ProviderCharge] = {}
    for charge in charges:
        if charge.intent_key in seen:
            yield f"{charge.order_number}: charged twice, {charge.reference} is one too many"
        seen[charge.intent_key] = charge
        yield from _charge_off(charge, ours.get(charge.intent_key))
    for key, intent in ours.items():
        if intent.amount_captured and intent.created_at >= since and key not in seen:
            yield f"{intent.order_number}: {intent.amount_captured} booked, not at the provider"


def _keys(texts: Iterable[str]) -> Iterator[UUID]:
    for text in texts:
        with contextlib.suppress(ValueError):
            yield UUID(text)


def _charge_off(charge: ProviderCharge, intent: PaymentIntent | None) -> Iterator[str]:
    held = f"provider holds {charge.amount_captured} {charge.currency}"
    if intent is None:
        if charge.amount_refunded < charge.amount_captured:
            yield f"{charge.order_number or charge.reference}: {held}, no order of ours"
        return
    is_young = charge.created_at > timezone.now() - STILL_MOVING
    if is_young and intent.state != IntentState.CAPTURED:
        return
    if (charge.amount_captured, charge.currency) != (intent.amount_captured, intent.currency):
        yield f"{intent.order_number}: {held}, we booked {intent.amount_captured}"
    is_refund_pending = intent.refunds.filter(state=RefundState.PENDING).exists()
    if charge.amount_refunded != intent.amount_refunded and not is_refund_pending:
        yield (
            f"{intent.order_number}: provider refunded {charge.amount_refunded},"
            f" we booked {intent.amount_refunded}"
        )
