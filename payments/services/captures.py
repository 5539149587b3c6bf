"""Taking what was authorised, in as many parts as its provider allows.

Decided and committed first (`capture_request`), then asked for (`capture_send`): a crash leaves a
pending capture that `captures_send` finishes, and its key makes the provider take it once.
"""

import datetime as dt
import logging
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from payments.exceptions import GatewayRefused, GatewayUnavailable, ImpossibleStep, PaymentError
from payments.gateways import gateway
from payments.gateways.base import Captor, ProviderState
from payments.locks import intent_lock
from payments.models import CAPTURE_OPEN, Capture, CaptureState, IntentState, PaymentIntent
from payments.services.intents import intent_refresh, money_enter, rest_release
from payments.services.moving import capture_move
from payments.services.problems import problem_note
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO

logger = logging.getLogger(__name__)


@retry_on_conflict
def capture_request(
    *, intent: PaymentIntent, amount: Decimal, key: str, is_final: bool = False
) -> Capture:
    """Decide to take ``amount`` (major units of ``intent.currency``) of what was authorised.

    Call under the order's lock. The same ``key`` gives the same capture. Less is decided on where less
    is held, and what takes all that is held is the final one, as providers want it; so is each of a
    payment that can be taken only once. Nothing, and not the final one: done as it is written.
    Raises ``ImpossibleStep`` unless the payment is authorised and the final one is still to come.
    """
    intent = intent_lock(intent.pk)
    known = intent.captures.filter(key=key).first()
    if known is not None:
        return known
    if intent.state != IntentState.AUTHORISED or intent.captures.filter(is_final=True).exists():
        raise ImpossibleStep(f"intent {intent.pk} is {intent.state}, nothing more is taken of it")
    held = intent.amount_authorised - intent.amount_captured - claimed(intent)
    amount = min(amount, held)
    is_final = is_final or amount == held or not intent.is_taken_in_parts
    capture = Capture(intent=intent, key=key, amount=amount, is_final=is_final)
    if not amount and not is_final:
        capture_move(capture, CaptureState.DONE)
    capture.save(force_insert=True)
    return capture


def claimed(intent: PaymentIntent) -> Decimal:
    """What captures will take that were decided on and not taken yet, refused ones too."""
    open_ones = intent.captures.filter(state__in=CAPTURE_OPEN).values_list("amount", flat=True)
    return sum(open_ones, ZERO)


def capture_send(*, capture: Capture) -> Capture:
    """Ask the gateway for one pending capture and record the answer. Safe to repeat.

    It waits while an older one of the same payment is open.
    """
    if _older_open(capture).exists():
        return capture
    # One statement: of the row and what was taken before it neither can be newer than the other.
    capture = Capture.objects.select_related("intent").get(pk=capture.pk)
    if capture.state != CaptureState.PENDING:
        return capture
    try:
        answer = _ask(capture)
    except GatewayUnavailable as error:
        return _postpone(capture, str(error))
    except GatewayRefused as error:
        return _look(_refuse(capture, str(error)))
    return _settle(capture, answer)


def captures_send(*, limit: int = 200) -> int:
    """Ask for all that is due. Returns how many captures were tried."""
    tried = 0
    due = Capture.objects.filter(state=CaptureState.PENDING, due_at__lte=timezone.now())
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit]):
        capture = Capture.objects.get(pk=pk)
        if _older_open(capture).exists():
            continue
        tried += 1
        try:
            capture_send(capture=capture)
        except Exception as error:  # whatever it is, the others are taken
            _postpone(capture, f"{type(error).__name__}: {error}")
    return tried


@retry_on_conflict
def capture_again(*, capture: Capture, user: Any = None) -> Capture:
    """Somebody decided to ask once more for one that was refused; it is then to be sent.

    Twice is once. Raises ``ImpossibleStep`` where nothing is held any more, or it was taken.
    """
    intent = intent_lock(capture.intent_id)
    capture = Capture.objects.get(pk=capture.pk)
    if capture.state == CaptureState.PENDING:
        return capture
    if capture.state == CaptureState.DONE or intent.state != IntentState.AUTHORISED:
        raise ImpossibleStep(f"capture {capture.pk} is {capture.state}, its payment {intent.state}")
    capture_move(capture, CaptureState.PENDING)
    capture.due_at = timezone.now()
    capture.save(update_fields=["state", "due_at", "settled_at"])
    logger.info("capture %s: user %s asked again", capture.pk, getattr(user, "pk", None))
    intent.problem = ""
    intent.save()
    return capture


def _older_open(capture: Capture) -> QuerySet[Capture]:
    rows = Capture.objects.filter(intent=capture.intent_id, pk__lt=capture.pk)
    return rows.filter(state__in=CAPTURE_OPEN)


def _ask(capture: Capture) -> ProviderState:
    intent, by = capture.intent, gateway(capture.intent.gateway)
    if not capture.amount:
        return by.cancel(intent)
    if not isinstance(by, Captor):
        return by.capture(intent, capture.amount)
    taken_before = intent.captures.filter(state=CaptureState.DONE, amount__gt=0).count()
    return by.capture_part(
        intent,
        amount=capture.amount,
        key=capture.call_key,
        is_final=capture.is_final,
        number=taken_before + 1,
    )


@retry_on_conflict
def _settle(capture: Capture, answer: ProviderState) -> Capture:
    intent = intent_lock(capture.intent_id)
    capture = Capture.objects.get(pk=capture.pk)
    if capture.state != CaptureState.PENDING:
        return capture
    if doubt := _doubt(capture, intent, answer):
        return _postpone(capture, doubt)
    capture_move(capture, CaptureState.DONE)
    capture.reference = answer.reference
    capture.last_error = ""
    capture.save()
    intent.checked_at = timezone.now()
    if capture.amount:
        money_enter(intent, capture.amount, answer, source="shop")
    if capture.is_final:
        rest_release(intent, source="shop")
    intent.save()
    capture.intent = intent
    return capture


def _doubt(capture: Capture, intent: PaymentIntent, answer: ProviderState) -> str:
    """Why the answer does not say that it was done, or nothing."""
    if not capture.amount:
        is_over = answer.state in (IntentState.CAPTURED, IntentState.CANCELLED)
        return "" if is_over else f"the rest is {answer.state} still"
    taken = intent.amount_captured + capture.amount
    if answer.currency != intent.currency or answer.amount_captured < taken:
        return f"{answer.amount_captured} {answer.currency} of {taken} is there"
    return ""


@retry_on_conflict
def _refuse(capture: Capture, error: str) -> Capture:
    """Left to finance and to the clerk, who may ask again; unless all of the authorisation is over."""
    intent = intent_lock(capture.intent_id)
    capture = Capture.objects.get(pk=capture.pk)
    if capture.state != CaptureState.PENDING:
        return capture
    capture_move(capture, CaptureState.REFUSED)
    capture.refusals += 1
    capture.last_error = error[:300]
    capture.save()
    capture.intent = intent
    return capture


def _look(capture: Capture) -> Capture:
    """Perhaps all of the authorisation is over. What was refused stays a problem all the same."""
    if capture.state != CaptureState.REFUSED:
        return capture
    with suppress(PaymentError):  # the reconciler looks again
        intent_refresh(intent=capture.intent, source="reconciler")
    text = f"the goods left, {capture.amount} was not taken: {capture.last_error}"
    problem_note(intent=capture.intent, text=text)
    return capture


def _postpone(capture: Capture, error: str) -> Capture:
    capture.attempts += 1
    capture.last_error = error[:300]
    pause = min(5 * 2 ** min(capture.attempts, 10), 3600)
    capture.due_at = timezone.now() + dt.timedelta(seconds=pause)
    rows = Capture.objects.filter(pk=capture.pk, state=CaptureState.PENDING)
    rows.update(attempts=capture.attempts, last_error=capture.last_error, due_at=capture.due_at)
    logger.warning("capture %s postponed: %s", capture.pk, error)
    return capture
