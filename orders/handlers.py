"""What orders do when something happened elsewhere, and the mails that follow their steps."""

from decimal import Decimal

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from oscar.apps.address.models import Country

from orders import services
from orders.fulfilment.models import Shipment
from orders.locks import Locked
from orders.mails import order_mail_queue
from orders.selectors import (
    is_linked,
    order_has_work,
    order_of_number,
    order_with_facts,
    was_paid,
)
from payments.gateways import gateway
from payments.gateways.exchange import Exchange
from payments.models import Refund
from payments.services import stored_refunds_send
from payments.wallets.kinds import refund_way
from shop.core.events import (
    OrderCancelled,
    OrderDelivered,
    OrderLinkAsked,
    OrderPaid,
    OrderPlaced,
    OrderRestAsked,
    OrderShipped,
    PaymentAuthorised,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    RefundAccountAsked,
)
from shop.core.nearby import nearby_forget
from shop.core.outbox import on


@receiver([post_save, post_delete], sender=Country, dispatch_uid="orders.countries")
def on_country_changed(**kwargs: object) -> None:
    """The checkout offers it, or does not, from now on."""
    transaction.on_commit(nearby_forget)


@on(PaymentCaptured)
def on_payment_captured(
    *, order_number: str, intent_id: int, locked: Locked | None = None, **facts: object
) -> None:
    services.order_mark_paid(order_number=order_number, intent_id=intent_id, locked=locked)


@on(PaymentAuthorised)
def on_payment_authorised(
    *, order_number: str, intent_id: int, locked: Locked | None = None, **facts: object
) -> None:
    services.order_mark_paid(order_number=order_number, intent_id=intent_id, locked=locked)


@on(PaymentFailed)
def on_payment_failed(*, order_number: str, intent_id: int, **facts: object) -> None:
    services.order_payment_ended(order_number=order_number, intent_id=intent_id)


@on(OrderPlaced, locks="")
def on_order_placed(*, order_number: str, **facts: object) -> None:
    """Transfers and cash take their time, so the confirmation says how to pay. Cards wait for it."""
    order = order_with_facts(order_number)
    method = order.facts.payment_method if order else ""
    if method and not gateway(method).is_hosted:
        order_mail_queue(number=order_number, kind="order_confirmation")


@on(OrderPaid, locks="fraud check")  # behind the check: the mail says whether it is held
def on_order_paid(*, order_number: str, **facts: object) -> None:
    """For cards this is the confirmation; who had it already learns that the money is here.

    What follows from another order has mails of its own, see `orders.returns`.
    """
    order = order_of_number(order_number)
    if order is None:
        return
    method = order.facts.payment_method
    if method == "transfer":
        order_mail_queue(number=order_number, kind="order_paid", order=order)
    elif gateway(method).is_hosted if method else not is_linked(order_number):
        order_mail_queue(number=order_number, kind="order_confirmation", order=order)


@on(OrderShipped)
def on_order_shipped(*, order_number: str, shipment_id: int, **facts: object) -> None:
    shipment = Shipment.objects.get(pk=shipment_id)
    order_mail_queue(
        number=order_number, kind="order_shipped", key=str(shipment_id), shipment=shipment
    )


@on(OrderDelivered)
def on_order_delivered(*, order_number: str, **facts: object) -> None:
    """Of parcels, and of work that is done; what is handed over at once has a mail of its own."""
    order = order_of_number(order_number)
    has_come = order is not None and (order.shipping_address_id or order_has_work(order))
    if not has_come:
        return
    order_mail_queue(number=order_number, kind="order_delivered")


@on(OrderDelivered)
def on_delivered_earn(*, order_number: str, **facts: object) -> None:
    services.order_points_settle(order_number=order_number)


@on(PaymentCaptured, locks="wallet")
def on_captured_earn(*, order_number: str, **facts: object) -> None:
    """The courier's cash may be booked after the parcel has arrived."""
    services.order_points_settle(order_number=order_number)


@on(PaymentRefunded)
def on_refunded_take_points(*, order_number: str, **facts: object) -> None:
    services.order_points_settle(order_number=order_number)


@on(OrderCancelled)
def on_cancelled_give_wallets_back(*, order_number: str, **facts: object) -> None:
    """What wallets paid is theirs again at once; providers are asked by the clock."""
    stored_refunds_send(order_number=order_number)


@on(OrderCancelled)
def on_order_cancelled(*, order_number: str, **facts: object) -> None:
    """An exchange that was only kept aside ends with its return, which has its own mail."""
    order = order_of_number(order_number)
    if order is not None and order.facts.payment_method == Exchange.code and not was_paid(order):
        return
    order_mail_queue(number=order_number, kind="order_cancelled")


@on(PaymentRefunded)
def on_payment_refunded(*, order_number: str, refund_id: int, amount: str, **facts: object) -> None:
    order_mail_queue(
        number=order_number,
        kind="order_refunded",
        key=str(refund_id),
        amount=Decimal(amount),
        went=_where_it_went(refund_id),
    )


@on(OrderRestAsked)
def on_order_rest_asked(*, order_number: str, intent_id: int, **facts: object) -> None:
    order_mail_queue(number=order_number, kind="order_rest", key=str(intent_id))


@on(RefundAccountAsked)
def on_refund_account_asked(
    *, order_number: str, refund_id: int, amount: str, **facts: object
) -> None:
    order_mail_queue(
        number=order_number,
        kind="order_refund_account",
        key=str(refund_id),
        amount=Decimal(amount),
    )


def _where_it_went(refund_id: int) -> str:
    """``credit``, ``wallet``, ``account``, or nothing: the way it was paid."""
    refund = Refund.objects.select_related("intent").filter(pk=refund_id).first()
    return refund_way(refund) if refund else ""


@on(OrderLinkAsked)
def on_order_link_asked(*, order_number: str, email: str, **facts: object) -> None:
    """Only to the order's own address; one that does not fit gets no answer."""
    order = order_of_number(order_number)
    if order is not None and order.email.casefold() == email.casefold():
        stamp = timezone.now().strftime("%Y%m%d%H%M%S%f")
        order_mail_queue(number=order_number, kind="order_link", key=stamp)
