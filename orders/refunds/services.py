"""Asking for money to be sent back, and deciding on it. The money itself is `payments.services`'."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep
from orders.locks import order_lock
from orders.models import Line, Order
from orders.refunds.exceptions import RequestRefused
from orders.refunds.models import (
    REQUEST_NEXT,
    RefundLimit,
    RefundRequest,
    RefundRequestLine,
    RequestState,
)
from orders.refunds.selectors import (
    LineLeft,
    delivery_left,
    is_over_limit,
    left_of,
    lines_left,
)
from orders.returns.amounts import units_amount
from orders.returns.models import Return
from orders.states import OrderState
from payments.exceptions import RefundTooLarge
from payments.models import Refund
from payments.services import refunds_of_key, refunds_request
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, rounded


@retry_on_conflict
def refund_ask(
    *,
    order: Order,
    reason: str,
    key: UUID,
    user: Any,
    amount: Decimal | None = None,
    units: Mapping[int, int] | None = None,
    with_delivery: bool = False,
    target: str = "",
) -> RefundRequest:
    """Ask for ``amount`` (major units, taxes included), or for what so many ``units`` of lines (by
    id) and delivery cost; what is within the limit of ``user`` is approved at once.

    The same ``key`` gives the same request. Raises ``RequestRefused`` with words for the clerk where
    more is asked for than is left, nothing is written then.
    """
    order = order_lock(order_id=order.pk)
    known = RefundRequest.objects.filter(key=key).first()
    if known is not None:
        return known
    parts = _parts(order, units or {})
    delivery = delivery_left(order) if with_delivery else ZERO
    by_part = sum(parts_amount for _line, _units, parts_amount in parts) + delivery
    wanted = by_part or amount or ZERO
    left = left_of(order) if order.status != OrderState.PENDING else ZERO
    if not wanted.is_finite() or not 0 < rounded(wanted, order.currency) <= left:
        text = _("This is more than is left to refund, or nothing was paid.")
        raise RequestRefused(text)
    wanted = rounded(wanted, order.currency)
    is_over = is_over_limit(order, wanted, user)
    asked = RefundRequest.objects.create(
        order=order,
        key=key,
        amount=wanted,
        delivery=delivery,
        reason=reason,
        target=target,
        is_over_limit=is_over,
        asked_by=user,
    )
    RefundRequestLine.objects.bulk_create(
        RefundRequestLine(request=asked, order_line=line, units=count, amount=part)
        for line, count, part in parts
    )
    if not is_over:
        _approve(asked, user)
    return asked


@retry_on_conflict
def refund_approve(*, asked: RefundRequest, user: Any) -> bool:
    """Agree to what a colleague asked for. False if it was approved before.

    Raises ``RequestRefused`` if it was declined, or if ``user`` asked for it.
    """
    asked = _lock(asked)
    if asked.state == RequestState.APPROVED:
        return False
    _refuse_unless_open(asked)
    if asked.asked_by_id == user.pk:
        raise RequestRefused(_("Somebody else has to agree to what you asked for."))
    _approve(asked, user)
    return True


@retry_on_conflict
def refund_decline(*, asked: RefundRequest, user: Any, why: str) -> bool:
    """Say no, and why. False if it was declined before. Whoever asked may take it back that way."""
    if not why.strip():
        raise RequestRefused(_("Please say why; your colleague reads it."))
    asked = _lock(asked)
    if asked.state == RequestState.REFUSED:
        return False
    _refuse_unless_open(asked)
    _decide(asked, RequestState.REFUSED, user, why.strip())
    return True


@transaction.atomic
def limit_save(*, group_id: int, amount: Decimal | None) -> None:
    """What a role may send back alone from now on; None: as every role without its own limit."""
    if amount is None:
        RefundLimit.objects.filter(group=group_id).delete()
        return
    RefundLimit.objects.update_or_create(group_id=group_id, defaults={"amount": amount})


def refunds_of_request(asked: RefundRequest) -> list[Refund]:
    """The refunds that it became; none before it was approved."""
    return list(refunds_of_key(asked.refund_key))


def _lock(asked: RefundRequest) -> RefundRequest:
    """Its order's lock is its own: of two who decide, the second sees what the first did."""
    order_lock(order_id=asked.order_id)
    return RefundRequest.objects.select_related("order", "back").get(pk=asked.pk)


def _refuse_unless_open(asked: RefundRequest) -> None:
    if asked.state != RequestState.WAITING:
        raise RequestRefused(_("A colleague decided on it meanwhile."))


def return_refund_wait(
    *, order: Order, back: Return, amount: Decimal, user: Any, reason: str, target: str
) -> RefundRequest:
    """Money for a return above the limit of ``user``: it waits for a second person. Under the order's
    lock; a second call gives the same request."""
    waiting = RefundRequest.objects.filter(back=back, state=RequestState.WAITING).first()
    return waiting or RefundRequest.objects.create(
        order=order,
        key=uuid4(),
        back=back,
        amount=amount,
        reason=reason,
        target=target,
        is_over_limit=True,
        asked_by=user,
    )


def return_refund_drop(*, back: Return, user: Any, why: str) -> None:
    """The return ended without it. Under its order's lock."""
    waiting = RefundRequest.objects.filter(back=back, state=RequestState.WAITING).first()
    if waiting is not None:
        _decide(waiting, RequestState.REFUSED, user, why)


def _decide(asked: RefundRequest, state: RequestState, user: Any, why: str = "") -> None:
    """Under the order's lock. Raises ``ImpossibleStep`` for one that was decided on."""
    if state not in REQUEST_NEXT[asked.state]:
        raise ImpossibleStep(f"refund request {asked.pk} is {asked.state}, not to be {state}")
    asked.state, asked.decision = state, why[:300]
    asked.decided_by, asked.decided_at = user, timezone.now()
    asked.save()


def _approve(asked: RefundRequest, user: Any) -> None:
    _decide(asked, RequestState.APPROVED, user)
    if asked.back is not None:
        _return_pay(asked, user)
        return
    refunds_request(
        order_number=asked.order.number,
        amount=asked.amount,
        reason=asked.reason,
        key=asked.refund_key,
        user=user,
        target=asked.target,
    )


def _return_pay(asked: RefundRequest, user: Any) -> None:
    """The return ends with it, as if its limit had allowed it at once."""
    from orders.returns.services.paying import return_pay_approved  # which asks here for approval

    try:
        return_pay_approved(asked=asked, user=user)
    except (ImpossibleStep, RefundTooLarge) as error:
        text = _("The return has ended another way, or it is worth less now.")
        raise RequestRefused(text) from error


def _parts(order: Order, units: Mapping[int, int]) -> list[tuple[Line, int, Decimal]]:
    wanted = {pk: count for pk, count in units.items() if count}
    if not wanted:
        return []
    known = {one.line.pk: one for one in lines_left(order)}
    if not wanted.keys() <= known.keys():
        raise RequestRefused(_("The order was changed meanwhile. Please look again."))
    return [(known[pk].line, count, _part(known[pk], count)) for pk, count in wanted.items()]


def _part(left: LineLeft, count: int) -> Decimal:
    """What ``count`` more units of a line cost; the last ones take what remains of it."""
    if not 0 < count <= left.units:
        raise RequestRefused(_("There are fewer units left to refund."))
    first = left.line.quantity - left.units
    amount = min(units_amount(left.line, first=first, units=count), left.amount)
    if amount <= 0:
        raise RequestRefused(_("There is nothing left to refund of this line."))
    return amount
