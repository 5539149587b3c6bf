"""Where an order is and what happens next, in a sentence for the shopper."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.states import CancelReason, OrderState
from payments.gateways.exchange import Exchange
from payments.models import RefundState
from payments.selectors import standing

if TYPE_CHECKING:
    from orders.pages import OrderPage


def sentence_of(page: "OrderPage") -> str:
    """Where the order is, and what happens next."""
    status = page.order.status
    if not page.is_sent and status in (OrderState.PAID, OrderState.DELIVERED):
        return _handed(page)
    if page.is_partly_sent:
        return _partly(page)
    if status == OrderState.PENDING:
        return _pending(page)
    if status == OrderState.CANCELLED:
        return _cancelled(page)
    if status == OrderState.PAID and page.addition is not None:
        return _("Something was added to your order. It leaves as soon as that is paid.")
    if status in (OrderState.PAID, OrderState.PACKED) and page.is_held:
        if page.is_money_held:
            return _promised(page, _("We are looking at something before they do."))
        return _("Your payment is here. We are looking at something before it leaves.")
    if status == OrderState.PAID and page.is_money_held:
        return _promised(page, _("We are getting them ready."))
    if status == OrderState.SHIPPED and page.is_nothing_coming:
        return _(
            "Something happened to your parcel. We send it again or give you your money back, "
            "and write to you."
        )
    return str(WORDS[OrderState(status)])


#: Where nothing else is to be said.
WORDS = {
    OrderState.PAID: gettext_lazy("Your payment is here. We are getting your things ready."),
    OrderState.PACKED: gettext_lazy("Your parcel is packed and waits for the courier."),
    OrderState.SHIPPED: gettext_lazy("Your parcel is on its way."),
    OrderState.DELIVERED: gettext_lazy("Your parcel has arrived. Enjoy it."),
    OrderState.UNDELIVERED: gettext_lazy(
        "Your parcel did not reach you. We sent it again or paid it back; see below."
    ),
}


def _promised(page: "OrderPage", what_next: str) -> str:
    """The bank has agreed; beside it, wallets may have paid their part already."""
    if standing(page.intents).captured:
        money = _("The rest of your payment is held, and taken as your things leave.")
    else:
        money = _("Your payment is held, and taken as your things leave.")
    return _("%(money)s %(next)s") % {"money": money, "next": what_next}


def _partly(page: "OrderPage") -> str:
    if page.is_held:
        return _("A part of your order left. We are looking at something before the rest does.")
    if all(one.delivered_at for one in page.parcels):
        return _("A part of your order has arrived. We are getting the rest ready.")
    return _("A part of your order is on its way. We are getting the rest ready.")


def _pending(page: "OrderPage") -> str:
    if page.is_being_booked:
        return _("Your payment has arrived; we are booking it.")
    if page.method == Exchange.code and not page.can_pay:
        return _("We keep this aside for you until what you send back is here.")
    if page.method == "transfer":
        return _("We keep your things aside until your transfer arrives.")
    if page.paid_at_door:
        return _("We are getting your things ready. You pay the courier at your door.")
    return _("Your things are kept aside for you, but they are not paid for yet.")


def _handed(page: "OrderPage") -> str:
    handed = page.handover
    if any(one.job.done_at is None for one in handed.jobs):
        return _("Your payment is here. What happens next is written below.")
    if handed.jobs:
        return _("All of it is done. Thank you.")
    if handed.grants:
        return _("Your payment is here, and your files are ready.")
    if handed.cards:
        return _("Your payment is here. Gift cards go out on the day that you chose.")
    return _("Your payment is here. Give us a moment to get it ready.")


def _cancelled(page: "OrderPage") -> str:
    reason = {
        CancelReason.EXPIRED: _("It was not paid in time, so we let the things go."),
        CancelReason.CUSTOMER: _("You cancelled this order."),
        CancelReason.OPERATOR: _("We had to cancel this order."),
        CancelReason.PAYMENT: _("The payment was refused."),
    }.get(page.facts.cancel_reason, _("This order was cancelled."))
    if any(refund.state == RefundState.PENDING for refund in page.refunds):
        money = _("Your money is on its way back to you.")
    elif page.refunds:
        money = _("Your money was sent back to you.")
    elif any(intent.amount_captured for intent in page.intents):
        return reason
    else:
        money = _("Nothing was charged.")
    return _("%(reason)s %(money)s") % {"reason": reason, "money": money}
