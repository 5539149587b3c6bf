"""The steps of a refund that somebody of the team asks for. See `shop.core.steps`."""

from orders.refunds.models import REQUEST_NEXT, RequestState
from shop.core.events import PaymentRefunded
from shop.core.steps import Final, Step, Table, Why

SERVICES = "orders.refunds.services."

STEPS = (
    Step(
        name="ask",
        does="For lines, delivery or an amount; within the limit of who asks it is approved as it is written.",
        service=SERVICES + "refund_ask",
        address="refund-ask-new",
        undo=SERVICES + "refund_decline",
        event=Why("nothing is sent yet; it waits in the list of refunds to agree to"),
        mail=Why("nothing is sent yet"),
        line="Refund of %(amount)s asked for",
        moves=(("", RequestState.WAITING),),
    ),
    Step(
        name="approve",
        does="A second person agrees: the money goes back at once, a return ends with it.",
        service=SERVICES + "refund_approve",
        address="refund-ask-approve",
        undo=Final("the money leaves in a moment; the payer can only be asked to pay anew"),
        event=PaymentRefunded,
        mail=("order_refunded",),
        line="Refund of %(amount)s: %(state)s",
        moves=((RequestState.WAITING, RequestState.APPROVED),),
    ),
    Step(
        name="decline",
        does="It is not sent, and whoever asked reads why; they may take it back so themselves.",
        service=SERVICES + "refund_decline",
        address="refund-ask-decline",
        undo=SERVICES + "refund_ask",
        event=Why("nothing was sent"),
        mail=Why("the customer was told nothing; the colleague reads it on the order"),
        line="Refund of %(amount)s: %(state)s",
        moves=((RequestState.WAITING, RequestState.REFUSED),),
    ),
)

TABLES = (Table("Refunds that the team asks for", STEPS, REQUEST_NEXT),)
