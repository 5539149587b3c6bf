"""What is paid for a return: by line to the cent, delivery if all came back, never more than was paid."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models import Line
from orders.returns.models import Return, ReturnLine
from orders.returns.selectors import is_all_back, paid_units_before, units_paid
from payments.selectors import standing_of
from shop.core.money import ZERO, rounded, rounded_down


@dataclass(frozen=True)
class Part:
    """One line of the calculation."""

    line: ReturnLine
    units: int
    amount: Decimal

    @property
    def less(self) -> Decimal:
        """What its policy takes off, because it came in a worse condition."""
        if not self.line.is_worse:
            return ZERO
        currency = self.line.order_line.order.currency
        return rounded(self.amount * self.line.worse_percent / 100, currency)


@dataclass(frozen=True)
class Proposal:
    """``left``: what of the payments was not sent back yet; nothing where nothing was paid."""

    parts: list[Part]
    delivery: Decimal
    left: Decimal

    @property
    def sum(self) -> Decimal:
        return sum((part.amount for part in self.parts), ZERO) + self.delivery

    @property
    def total(self) -> Decimal:
        """The most that may be paid."""
        return min(self.sum, self.left)

    @property
    def less(self) -> Decimal:
        return sum((part.less for part in self.parts), ZERO)

    @property
    def offered(self) -> Decimal:
        """What is offered to whoever pays it; with all taken off nothing is."""
        return max(min(self.sum - self.less, self.left), ZERO)


def units_amount(line: Line, *, first: int, units: int) -> Decimal:
    """What ``units`` of a line were paid with, after ``first`` others of it, tax included.

    Each unit costs the line's price by its quantity, rounded down to the smallest coin; the last one
    takes what remains, so that all units add up to the line.
    """
    return _up_to(line, first + units) - _up_to(line, first)


def _up_to(line: Line, units: int) -> Decimal:
    if units >= line.quantity:
        return line.line_price_incl_tax
    each = rounded_down(line.line_price_incl_tax / line.quantity, line.order.currency)
    return each * units


def proposal_of(back: Return) -> Proposal:
    """What its inspection says should be paid. Reads only; ask under the lock to pay it."""
    before = paid_units_before(back)
    parts = [
        Part(
            line=line,
            units=units_paid(line),
            amount=units_amount(
                line.order_line, first=before.get(line.order_line_id, 0), units=units_paid(line)
            ),
        )
        for line in back.lines.select_related("order_line__order", "order_line__product__parent")
    ]
    left = standing_of(back.order.number).kept
    return Proposal(parts=parts, delivery=_delivery(back), left=left)


def _delivery(back: Return) -> Decimal:
    was_paid = Return.objects.filter(order=back.order_id, delivery__gt=0).exclude(pk=back.pk)
    if not back.pays_delivery or was_paid.exists() or not is_all_back(back):
        return ZERO
    return back.order.shipping_incl_tax
