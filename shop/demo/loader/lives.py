"""What a simulated order's life means in our states."""

import datetime as dt
from dataclasses import dataclass

from orders.states import CancelReason, OrderState
from shop.demo.history import Outcome, SimOrder

STATES = {
    Outcome.PENDING: OrderState.PENDING,
    Outcome.PAID: OrderState.PAID,
    Outcome.PACKED: OrderState.PACKED,
    Outcome.SHIPPED: OrderState.SHIPPED,
    Outcome.DELIVERED: OrderState.DELIVERED,
    Outcome.REFUNDED: OrderState.DELIVERED,
    Outcome.CANCELLED: OrderState.CANCELLED,
}
BY_CARD_WITHIN = dt.timedelta(hours=1)  # money that took longer came by bank transfer


@dataclass(frozen=True)
class Life:
    """The states an order has reached and when; being placed is not among them."""

    state: OrderState
    moments: dict[OrderState, dt.datetime]
    refunded_at: dt.datetime | None
    gateway: str

    @property
    def last_change(self) -> dt.datetime | None:
        return max(self.moments.values(), default=None)

    @property
    def cancel_reason(self) -> str:
        if self.state != OrderState.CANCELLED:
            return ""
        was_paid = OrderState.PAID in self.moments
        return CancelReason.CUSTOMER if was_paid else CancelReason.EXPIRED


def life_of(order: SimOrder) -> Life:
    """The order's steps in the order in which they were taken."""
    steps = (
        (OrderState.PAID, order.paid_at),
        (OrderState.PACKED, order.packed_at),
        (OrderState.SHIPPED, order.shipped_at),
        (OrderState.DELIVERED, order.delivered_at),
        (OrderState.CANCELLED, order.cancelled_at),
    )
    was_quick = order.paid_at is not None and order.paid_at - order.placed_at < BY_CARD_WITHIN
    ended_unpaid = order.outcome == Outcome.CANCELLED and order.paid_at is None
    return Life(
        state=STATES[order.outcome],
        moments={state: moment for state, moment in steps if moment is not None},
        refunded_at=order.refunded_at,
        gateway=_online(order) if was_quick or ended_unpaid else "transfer",
    )


def _online(order: SimOrder) -> str:
    """One in eight of those who pay at once does so with PayPal."""
    return "paypal" if order.number_seed % 8 == 0 else "stripe"
