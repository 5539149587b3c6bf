"""Reading what may be sent back, by whom, and what was asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum

from orders.models import Line, Order
from orders.refunds.models import RefundLimit, RefundRequest, RefundRequestLine, RequestState
from orders.returns.models import Return, ReturnLine
from orders.returns.states import PAID, ReturnState
from payments.gateways.exchange import Exchange
from payments.models import Refund
from payments.selectors import standing_of
from shop.core.money import ZERO, rounded

COUNTED = (RequestState.WAITING, RequestState.APPROVED)


@dataclass(frozen=True)
class LineLeft:
    """What of a line was not asked back yet: money, and units at that."""

    line: Line
    amount: Decimal
    units: int


def requests_waiting() -> QuerySet[RefundRequest]:
    """The oldest first, with their orders and lines."""
    rows = RefundRequest.objects.filter(state=RequestState.WAITING)
    return rows.select_related("order", "asked_by").order_by("asked_at", "pk")


def requests_of(order: Order) -> QuerySet[RefundRequest]:
    rows = RefundRequest.objects.filter(order=order).select_related("asked_by", "decided_by")
    return rows.order_by("asked_at", "pk")


def limit_of(user: Any) -> Decimal | None:
    """How much of one order ``user`` may send back alone, in the shop's currency; None: all of it.

    The highest of their roles'; a role without a limit of its own has ``REFUND_LIMIT``.
    """
    if user is None or user.is_superuser:
        return None
    groups = list(user.groups.values_list("pk", flat=True))
    own = dict(RefundLimit.objects.filter(group__in=groups).values_list("group_id", "amount"))
    return max((own.get(pk, settings.REFUND_LIMIT) for pk in groups), default=ZERO)


def is_over_limit(order: Order, amount: Decimal, user: Any) -> bool:
    """Whether ``user`` needs a second person to send ``amount`` back. Ask under the order's lock.

    Many small ones count as one: of an order, all that the same person asked for or paid for returns.
    """
    limit = limit_of(user)
    if limit is None:
        return False
    mine = RefundRequest.objects.filter(order=order, asked_by=user, state__in=COUNTED)
    paid = Refund.objects.filter(
        intent__order_number=order.number, requested_by=user, key__startswith="return-"
    ).exclude(target=Exchange.code)
    so_far = sum(mine.values_list("amount", flat=True), ZERO)
    so_far += sum(paid.values_list("amount", flat=True), ZERO)
    return in_own_currency(order, so_far + amount) > limit


def left_of(order: Order) -> Decimal:
    """What was taken for the order, less what went back and what waits to be approved."""
    waiting = RefundRequest.objects.filter(order=order, state=RequestState.WAITING)
    asked = waiting.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return max(standing_of(order.number).kept - asked, ZERO)


def lines_left(order: Order) -> list[LineLeft]:
    """Each line with what may be asked back for it: its price, less requests and paid returns."""
    lines = list(order.lines.select_related("product__parent").order_by("pk"))
    asked = _by_line(
        RefundRequestLine.objects.filter(request__order=order, request__state__in=COUNTED), "units"
    )
    paid = _by_line(ReturnLine.objects.filter(back__order=order, back__state__in=PAID), "quantity")
    found = []
    for line in lines:
        money, units = (a + b for a, b in zip(asked(line), paid(line), strict=True))
        left = max(line.line_price_incl_tax - money, ZERO)
        found.append(LineLeft(line, left, max(line.quantity - units, 0)))
    return found


def lines_waiting(lines: Iterable[Line]) -> bool:
    """Whether somebody has yet to agree to money that was asked back for one of these lines."""
    rows = RefundRequestLine.objects.filter(request__state=RequestState.WAITING)
    return rows.filter(order_line__in=list(lines)).exists()


def _by_line(rows: QuerySet, units: str) -> Any:
    sums = rows.order_by().values("order_line").annotate(money=Sum("amount"), units=Sum(units))
    found = {row["order_line"]: (row["money"], row["units"]) for row in sums}
    return lambda line: found.get(line.pk, (ZERO, 0))


def delivery_left(order: Order) -> Decimal:
    """What of its delivery was not asked back yet."""
    asked = RefundRequest.objects.filter(order=order, state__in=COUNTED)
    back = Return.objects.filter(order=order, state=ReturnState.REFUNDED)
    gone = sum((rows.aggregate(sum=Sum("delivery"))["sum"] or ZERO for rows in (asked, back)), ZERO)
    return max(order.shipping_incl_tax - gone, ZERO)


def in_own_currency(order: Order, amount: Decimal) -> Decimal:
    """``amount`` of the order's currency in the shop's, at the rate of the order."""
    own = getattr(order, "sums", None)
    if own is None or own.rate_day is None:
        return amount
    return rounded(amount / own.rate, own.own_currency)


@dataclass(frozen=True)
class Share:
    """What a refund gives for one line, or for delivery where there is none."""

    line: Line | None
    units: int
    amount: Decimal


def shares_of(refund: Refund) -> list[Share]:
    """What a refund is for, where somebody said so and it is all of it; else nothing."""
    found: list[Share] = []
    if refund.key.startswith("asked-"):
        asked = RefundRequest.objects.filter(key=refund.key.removeprefix("asked-")[:36]).first()
        if asked is not None:
            found = [
                *_shares((one.order_line, one.units, one.amount) for one in _lines_of(asked)),
                *_shares([(None, 0, asked.delivery)]),
            ]
    elif refund.key.startswith("return-"):
        back = Return.objects.filter(refund=refund).first()
        if back is not None:
            lines = back.lines.select_related("order_line__product__parent").order_by("pk")
            found = [
                *_shares((one.order_line, one.quantity, one.amount) for one in lines),
                *_shares([(None, 0, back.delivery)]),
            ]
    return found if sum((one.amount for one in found), ZERO) == refund.amount else []


def _lines_of(asked: RefundRequest) -> QuerySet[RefundRequestLine]:
    return asked.lines.select_related("order_line__product__parent").order_by("pk")


def _shares(rows: Iterable[tuple[Line | None, int, Decimal]]) -> list[Share]:
    return [Share(line, units, amount) for line, units, amount in rows if amount > 0]
