"""Checking an order after it is placed and after it is paid, and deciding about one that waits.

Never in the transaction that places or captures: handlers of the outbox call it a moment later.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from orders.exceptions import ImpossibleStep
from orders.fraud.exceptions import AlreadyDecided
from orders.fraud.facts import Facts, email_folded, network_outside, place_digest
from orders.fraud.locks import check_lock, check_lock_of
from orders.fraud.models import NEXT, CheckState, FraudCheck
from orders.fraud.scoring import order_score
from orders.life.holds import order_hold, order_release
from orders.life.models import HoldReason, Source
from orders.life.selectors import hold_of
from orders.locks import order_lock
from orders.models import Order
from orders.selectors import address_known
from orders.services import order_cancel
from orders.states import HOLDING, CancelReason
from orders.whole import is_shared
from shop.core.inserting import row_insert, row_update
from shop.core.locks import retry_on_conflict

NETWORKS_KEPT = dt.timedelta(days=90)


@retry_on_conflict
def order_check(
    *, order_number: str, network: str = "", card: str = "", card_country: str = ""
) -> FraudCheck:
    """Score the order anew with what is known now; above the line it waits. Safe to repeat.

    What somebody decided stays decided. ``network``: the address it was placed from; ``card``: the
    provider's print of the card that paid.
    """
    order = order_lock(number=order_number)
    known = {
        "network": network_outside(network),
        "card": card[:100],
        "card_country": card_country[:2].upper(),
    }
    known = {name: value for name, value in known.items() if value}
    is_known_new = is_shared(order) and not order.has_check
    check = None if is_known_new else check_lock_of(order.pk)
    is_new = check is None
    if check is None:
        check = FraudCheck(
            order=order,
            placed_at=order.date_placed,
            email=email_folded(order.email or ""),
            place=place_digest(address_known(order)),
            **known,
        )
    else:
        for name, value in known.items():
            setattr(check, name, getattr(check, name) or value)
    if check.state in (CheckState.CLEAR, CheckState.HELD):
        found = order_score(Facts(order=order, check=check))
        check.score, check.line, check.reasons = found.score, found.line, found.reasons
        check.checked_at = timezone.now()
        if found.is_high and CheckState.HELD in NEXT[check.state]:
            _move(check, _held(order))
    if is_new:  # nobody else writes it: they wait for the order
        order.has_check = True  # for another handler that shares the order
        return row_insert(check)
    row_update(check)
    return check


@retry_on_conflict
def check_approve(*, check: FraudCheck, user: Any, words: str) -> FraudCheck:
    """It is good: the order goes on. Raises ``AlreadyDecided`` if it does not wait any more."""
    order = order_lock(order_id=check.order_id)
    check = _decided(check, CheckState.APPROVED, user, words)
    hold = hold_of(order)
    if hold is not None and hold.reason == HoldReason.FRAUD:
        order_release(order=order, words=words, user=user)
    return check


@retry_on_conflict
def check_decline(*, check: FraudCheck, user: Any, words: str) -> FraudCheck:
    """It is not: the order ends, its stock is free, its money goes back.

    Raises ``AlreadyDecided``, or ``ImpossibleStep`` if the goods have left.
    """
    order = order_lock(order_id=check.order_id)
    check = _decided(check, CheckState.DECLINED, user, words)
    order_cancel(order=order, reason=CancelReason.OPERATOR, user=user, source=Source.OFFICE)
    return check


@retry_on_conflict
def order_was_released(*, order_number: str) -> None:
    """A hold ended on the order's own page. Was it ours, that was the decision; was it another's, ours begins."""
    order = order_lock(number=order_number)
    check = FraudCheck.objects.filter(order=order, state=CheckState.HELD).first()
    if check is None or hold_of(order) is not None:
        return
    last = order.holds.order_by("-released_at", "-pk").first()
    if last is not None and last.reason == HoldReason.FRAUD:
        _decided(check, CheckState.APPROVED, last.released_by, last.release_words)
    elif order.status in HOLDING:
        order_hold(order=order, reason=HoldReason.FRAUD)


@retry_on_conflict
def order_is_over(*, order_number: str) -> None:
    """Cancelled, by whomever: nobody needs to look any more."""
    order = order_lock(number=order_number)
    check = FraudCheck.objects.filter(order=order, state=CheckState.HELD).first()
    if check is not None:
        check = check_lock(check.pk)
        _move(check, CheckState.GONE)
        check.save(update_fields=["state"])


def networks_forget() -> int:
    """Network addresses are personal: after `NETWORKS_KEPT` they are gone. How many."""
    old = FraudCheck.objects.filter(placed_at__lt=timezone.now() - NETWORKS_KEPT)
    return old.exclude(network="").update(network="")


def _held(order: Order) -> CheckState:
    """Under the order's lock: it waits; one that left or ended meanwhile cannot."""
    try:
        order_hold(order=order, reason=HoldReason.FRAUD)
    except ImpossibleStep:
        return CheckState.GONE
    return CheckState.HELD


def _decided(check: FraudCheck, state: CheckState, user: Any, words: str) -> FraudCheck:
    """Under the order's lock."""
    check = check_lock(check.pk)
    _move(check, state)
    check.words = words
    check.decided_by, check.decided_at = user, timezone.now()
    check.save()
    return check


def _move(check: FraudCheck, state: CheckState) -> None:
    """Its only way from one state to the next, to be saved by the caller. Raises ``AlreadyDecided``."""
    if state not in NEXT[check.state]:
        raise AlreadyDecided(f"check {check.pk} is {check.state}")
    check.state = state
