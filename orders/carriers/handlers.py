"""Mails on the events of a parcel that matter to its receiver."""

from orders.carriers.models import Label
from orders.carriers.states import EventCode
from orders.mails import order_mail_queue
from shop.core.events import ParcelMoved
from shop.core.outbox import on

MAILS = {
    EventCode.OUT: "parcel_out",
    EventCode.DELAYED: "parcel_late",
    "late": "parcel_late",
    EventCode.MISSED: "parcel_missed",
    EventCode.RETURNED: "parcel_returned",
    EventCode.LOST: "parcel_lost",
    EventCode.DAMAGED: "parcel_lost",
}


@on(ParcelMoved)
def on_parcel_moved(*, order_number: str, label_id: int, code: str, **facts: object) -> None:
    """Each kind once for a parcel, whatever the carrier repeats. Delivered is the order's own mail."""
    kind = MAILS.get(code)
    label = Label.objects.filter(pk=label_id).first()
    if kind and label and not label.is_return:
        order_mail_queue(number=order_number, kind=kind, key=str(label_id), label=label)
