"""What follows the steps of a return and of a complaint: mails, and an exchange that was paid for."""

from orders.exceptions import ImpossibleStep
from orders.mails import order_mail_queue
from orders.returns import services
from orders.returns.mails import complaint_mail_queue, return_mail_queue
from orders.returns.models import Complaint, Return
from orders.returns.selectors import link_to, returns_read
from orders.returns.states import LinkKind, ReturnState
from orders.selectors import is_linked
from shop.core.events import (
    ComplaintMoved,
    ExchangeDue,
    ExchangePaid,
    OrderPaid,
    ParcelMoved,
    PaymentCaptured,
    ReturnMoved,
)
from shop.core.outbox import emit, on

DROPPED = ("accepted", "transit")


@on(ReturnMoved)
def on_return_moved(*, return_id: int, state: str, **facts: object) -> None:
    return_mail_queue(back=returns_read().get(pk=return_id), state=state)


@on(ComplaintMoved)
def on_complaint_moved(*, complaint_id: int, step: str, **facts: object) -> None:
    """That it is here, and what became of it."""
    complaint_mail_queue(complaint=Complaint.objects.get(pk=complaint_id), step=step)


@on(ExchangeDue)
def on_exchange_due(*, order_number: str, **facts: object) -> None:
    order_mail_queue(number=order_number, kind="exchange_due")


@on(PaymentCaptured, locks="")
def on_difference_captured(*, order_number: str, **facts: object) -> None:
    """Most orders follow from none. What an exchange locks goes beyond its order, so it has a transaction
    of its own."""
    if is_linked(order_number):
        emit(ExchangePaid(order_number=order_number))


@on(ExchangePaid)
def on_exchange_paid(*, order_number: str, **facts: object) -> None:
    """The difference has come, so what came back pays for the rest."""
    link = link_to(order_number)
    if link is None or link.kind != LinkKind.EXCHANGE or link.back.state != ReturnState.INSPECTED:
        return
    try:
        services.return_exchange(back=link.back, user=None)
    except ImpossibleStep:
        return  # it was ended meanwhile; the money goes back with its order


@on(OrderPaid, locks="")
def on_sent_again(*, order_number: str, **facts: object) -> None:
    """Of what is sent again for nothing."""
    link = link_to(order_number) if is_linked(order_number) else None
    if link is not None and link.kind == LinkKind.AGAIN:
        order_mail_queue(number=order_number, kind="order_again")


@on(ParcelMoved)
def on_parcel_back(*, label_id: int, code: str, **facts: object) -> None:
    """The carrier has what comes back."""
    back = Return.objects.filter(label=label_id, state=ReturnState.APPROVED).first()
    if back is None or back.label is None or code not in DROPPED:
        return
    services.return_send(
        back=back, carrier=back.label.carrier, tracking_number=back.label.tracking_number
    )
