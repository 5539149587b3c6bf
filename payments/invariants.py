"""What `manage.py verify` checks about money."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Mod
from django.utils import timezone

from payments.exceptions import PaymentError
from payments.gateways import gateways_all
from payments.gateways.base import ChargeLister, Looker, ProviderCharge
from payments.models import (
    CAPTURE_OPEN,
    Capture,
    CaptureState,
    EntryKind,
    IntentState,
    PaymentIntent,
    Refund,
    RefundState,
)
from shop.core.verify import NothingToCheck, invariant

PAST = "past_"  # begins the references of payments that no provider knows any more


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
    ) - Coalesce(Sum("entries__amount", filter=Q(entries__kind=EntryKind.UNSENT)), Decimal(0))
    for intent in PaymentIntent.objects.annotate(entered=entered):
        if intent.entered != settled[intent.pk]:
            yield f"{intent.order_number}: refunds done {settled[intent.pk]}, entries {intent.entered}"


@invariant("money: captures that are open are of authorised payments, and fit into what is held")
def captures_fit() -> Iterator[str]:
    """Those that are done are no more than what was captured; a final one ends its payment."""
    rows = Capture.objects.select_related("intent")
    for one in rows.filter(state=CaptureState.PENDING).exclude(
        intent__state=IntentState.AUTHORISED
    ):
        yield f"{one.intent.order_number}: {one.key} is to be taken, the payment is {one.intent.state}"
    for one in rows.filter(state=CaptureState.DONE, is_final=True, intent__state="authorised"):
        yield f"{one.intent.order_number}: {one.key} was the last, and money is held still"
    done = Coalesce(Sum("captures__amount", filter=Q(captures__state="done")), Decimal(0))
    claims = Coalesce(
        Sum("captures__amount", filter=Q(captures__state__in=CAPTURE_OPEN)), Decimal(0)
    )
    sums = PaymentIntent.objects.filter(is_taken_at_shipment=True).annotate(
        done=done, claims=claims
    )
    for intent in sums.filter(done__gt=F("amount_captured")):
        yield f"{intent.order_number}: {intent.done} taken by captures, {intent.amount_captured} captured"
    held = sums.filter(state=IntentState.AUTHORISED)
    for intent in held.filter(claims__gt=F("amount_authorised") - F("amount_captured")):
        yield f"{intent.order_number}: {intent.claims} more to be taken than is held"


STILL_MOVING = dt.timedelta(minutes=10)  # the reconciler has asked about everything older
LOOK_BACK = dt.timedelta(days=90)
ASK_BACK, ASK_AT_MOST = dt.timedelta(days=7), 500  # of a wallet: each payment costs a call
SLICES = 12  # of what is older, one a day: each payment is asked about seven times in LOOK_BACK


@invariant("money: what the provider holds is what we booked, charge by charge")
def provider_agrees() -> Iterator[str]:
    """Each provider that can be asked: charge by charge where it lists them, else by our payments."""
    ready = [one for one in gateways_all() if one.is_ready and one.is_hosted]
    if not ready:
        raise NothingToCheck("no provider that can be asked is configured")
    for one in ready:
        try:
            if isinstance(one, ChargeLister):
                yield from _by_charge(one.code, one)
            elif isinstance(one, Looker):
                yield from _by_payment(one.code, one)
        except PaymentError as error:
            yield f"{one.code} does not answer: {error}"


def _opened_at(code: str) -> QuerySet[PaymentIntent]:
    known = PaymentIntent.objects.filter(gateway=code).exclude(reference="")
    return known.exclude(reference__startswith=PAST)


def _by_charge(code: str, provider: ChargeLister) -> Iterator[str]:
    """Both ways over ``LOOK_BACK``: no charge that we do not know, none that the provider denies."""
    since = timezone.now() - LOOK_BACK
    charges = provider.charges(created_after=int(since.timestamp()))
    told = Q(created_at__gte=since) | Q(key__in=list(_keys(one.intent_key for one in charges)))
    ours = {str(one.key): one for one in _opened_at(code).filter(told)}
    seen: dict[str, ProviderCharge] = {}
    for charge in charges:
        if charge.intent_key in seen:
            yield f"{charge.order_number}: charged twice, {charge.reference} is one too many"
        seen[charge.intent_key] = charge
        yield from _charge_off(charge, ours.get(charge.intent_key))
    for key, intent in ours.items():
        if intent.amount_captured and intent.created_at >= since and key not in seen:
            yield f"{intent.order_number}: {intent.amount_captured} booked, not at the provider"


def _by_payment(code: str, provider: Looker) -> Iterator[str]:
    """Wallets list charges a day late, as files; so each of the newest payments is asked about, and
    a slice of those of ``LOOK_BACK``, another one each day.

    A trade at a wallet carries the number of one of our payments, so none can be without a row.
    """
    for intent in payments_to_ask(code):
        held = provider.look(intent)
        if not held.amount_captured:
            if intent.amount_captured:
                yield f"{intent.order_number}: {intent.amount_captured} booked, not at the provider"
            continue
        charge = ProviderCharge(
            reference=held.reference,
            intent_key=str(intent.key),
            order_number=intent.order_number,
            currency=held.currency,
            amount_captured=held.amount_captured,
            amount_refunded=held.amount_refunded,
            created_at=intent.checked_at or intent.created_at,
        )
        yield from _charge_off(charge, intent)


def payments_to_ask(code: str) -> Iterator[PaymentIntent]:
    """Of a wallet: the newest, then the slice of today, ``ASK_AT_MOST`` of each; read in pages."""
    now = timezone.now()
    ours = _opened_at(code)
    newest = ours.filter(created_at__gte=now - ASK_BACK).order_by("-pk")
    older = ours.filter(created_at__gte=now - LOOK_BACK, created_at__lt=now - ASK_BACK)
    slice_of_today = older.annotate(slice=Mod(F("pk"), SLICES)).filter(
        slice=timezone.localdate(now).toordinal() % SLICES
    )
    for rows in (newest[:ASK_AT_MOST], slice_of_today.order_by("-pk")[:ASK_AT_MOST]):
        yield from rows.iterator(chunk_size=100)


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
    is_being_taken = intent.captures.filter(state=CaptureState.PENDING).exists()
    if is_being_taken or (is_young and intent.state != IntentState.CAPTURED):
        return
    if (charge.amount_captured, charge.currency) != (intent.amount_captured, intent.currency):
        yield f"{intent.order_number}: {held}, we booked {intent.amount_captured}"
    mine = Q(intent=intent) | Q(intent__origin=intent)
    is_refund_pending = Refund.objects.filter(mine, state=RefundState.PENDING).exists()
    booked = intent.amount_refunded - _given_elsewhere(intent) + _passed_and_refunded(intent)
    if charge.amount_refunded != booked and not is_refund_pending:
        yield (
            f"{intent.order_number}: provider refunded {charge.amount_refunded}, we booked {booked}"
        )


def _given_elsewhere(intent: PaymentIntent) -> Decimal:
    """What of a payment was given back as store credit and the like: its provider knows nothing of it."""
    given = intent.refunds.filter(state=RefundState.DONE).exclude(target="")
    return given.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _passed_and_refunded(intent: PaymentIntent) -> Decimal:
    """What of it had paid for an exchange and was sent back the way that it came after all."""
    rows = Refund.objects.filter(intent__origin=intent, state=RefundState.DONE, target="")
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
