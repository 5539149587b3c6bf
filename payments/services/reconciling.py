"""Payments of which nothing was heard too long are asked about."""

import datetime as dt
import logging

from django.db.models import F, Q
from django.utils import timezone

from payments.models import UNSETTLED, IntentState, PaymentIntent
from payments.services.intents import intent_cancel, intent_refresh
from payments.services.opening import intent_open

logger = logging.getLogger(__name__)

ASK_AGAIN = dt.timedelta(minutes=2)  # how long an open intent may go unasked
PROMISE_ASKED = dt.timedelta(hours=1)  # how often an authorisation is looked at
UNANSWERED = dt.timedelta(seconds=30)  # how long a new one may lack an answer to `open`


def intents_reconcile(*, limit: int = 200) -> int:
    """Ask about every intent that has been unsettled too long. Returns how many were asked.

    One that nobody can answer for goes to the end of the queue, so that it never blocks the others.
    """
    now = timezone.now()
    due = (
        PaymentIntent.objects.filter(Q(state__in=UNSETTLED) | _promised_long_ago(now))
        .exclude(state=IntentState.NEW, created_at__gte=now - UNANSWERED)
        .exclude(state=IntentState.NEW, expires_at__lt=now)
        .filter(
            Q(checked_at__isnull=True)
            | Q(checked_at__lt=now - ASK_AGAIN)
            | Q(expires_at__lt=now, checked_at__lt=F("expires_at"))
        )
        .order_by(F("checked_at").asc(nulls_first=True), "pk")[:limit]
    )
    for intent in due:
        try:
            _settle(intent)
        except Exception as error:  # whatever it is, the others are asked
            logger.warning("intent %s: %s: %s", intent.pk, type(error).__name__, error)
            PaymentIntent.objects.filter(pk=intent.pk).update(checked_at=timezone.now())
    return len(due)


def _promised_long_ago(now: dt.datetime) -> Q:
    """An authorisation ends at its provider some day, and somebody has to notice."""
    promised = Q(is_taken_at_shipment=True, state=IntentState.AUTHORISED)
    return promised & Q(checked_at__lt=now - PROMISE_ASKED)


def _settle(intent: PaymentIntent) -> None:
    if intent.state == IntentState.NEW:
        intent_open(intent=intent)
    elif intent.state == IntentState.CANCELLING:
        intent_cancel(intent=intent, source="reconciler")
    else:
        intent_refresh(intent=intent, source="reconciler")
