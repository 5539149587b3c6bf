"""The steps of a return and of a complaint. See `shop.core.steps`."""

from orders.returns.states import NEXT, ReturnState
from shop.core.events import ComplaintMoved, ReturnMoved
from shop.core.steps import Final, Step, Table, Why

S = ReturnState
SERVICES = "orders.returns.services."
TOLD = Final("the shopper was told; another return can be asked for")
MAIL = ("return_step",)
LINE = "Return %(number)s: %(state)s"


def _step(
    name: str,
    does: str,
    service: str,
    address: str | Why,
    undo: str | Final,
    *moves: tuple[str, str],
    mail: tuple[str, ...] | Why = MAIL,
) -> Step:
    return Step(
        name=name,
        does=does,
        service=SERVICES + service,
        address=address,
        undo=SERVICES + undo if not isinstance(undo, Final) else undo,
        event=ReturnMoved,
        mail=mail,
        line=LINE,
        moves=moves,
    )


RETURNS = (
    _step(
        "ask",
        "The units are claimed, the photos kept.",
        "return_ask",
        Why("the shopper; a clerk asks for one who writes or calls"),
        "return_cancel",
        ("", S.ASKED),
    ),
    _step(
        "approve",
        "The shopper learns where to send it; for an exchange its goods are held.",
        "return_approve",
        "return-approve",
        "return_cancel",
        (S.ASKED, S.APPROVED),
    ),
    _step(
        "refuse",
        "The units are free again, the shopper learns why.",
        "return_refuse",
        "return-refuse",
        TOLD,
        (S.ASKED, S.REFUSED),
    ),
    _step(
        "cancel",
        "The units are free again, and so are goods held in exchange.",
        "return_cancel",
        "return-cancel",
        TOLD,
        (S.ASKED, S.CANCELLED),
        (S.APPROVED, S.CANCELLED),
        (S.ON_WAY, S.CANCELLED),
    ),
    _step(
        "send",
        "The carrier and the number are noted.",
        "return_send",
        Why("the shopper, or the carrier that has the label's parcel"),
        "return_cancel",
        (S.APPROVED, S.ON_WAY),
        mail=Why("the shopper's own step"),
    ),
    _step(
        "receive",
        "The parcel is in a warehouse.",
        "return_receive",
        "return-receive",
        Final("it is here; what it is worth is said when it is looked at"),
        (S.APPROVED, S.RECEIVED),
        (S.ON_WAY, S.RECEIVED),
    ),
    _step(
        "inspect",
        "What was found is written down; good units are on the shelf, scrap is written off.",
        "return_inspect",
        "return-inspect",
        Final("its units may be sold already; a wrong count is put right by a stock correction"),
        (S.RECEIVED, S.INSPECTED),
        (S.REPAIRING, S.INSPECTED),
        mail=Why("between us and the shelf; only what could not be repaired is told"),
    ),
    _step(
        "repair",
        "The warranty is kept: the things are being mended.",
        "return_repair",
        "return-repair",
        "return_inspect",
        (S.RECEIVED, S.REPAIRING),
    ),
    _step(
        "mend",
        "The things go back to the shopper.",
        "return_repaired",
        "return-repaired",
        Final("the carrier has them"),
        (S.REPAIRING, S.REPAIRED),
    ),
    _step(
        "refund",
        "Money for what was found goes back; above a limit a second person agrees.",
        "return_refund",
        "return-refund",
        Final("the money goes back to the payer at once"),
        (S.INSPECTED, S.REFUNDED),
    ),
    _step(
        "exchange",
        "What came back pays for the order that was held.",
        "return_exchange",
        "return-exchange",
        Final("the other order is paid by it; that one can be cancelled or returned"),
        (S.INSPECTED, S.EXCHANGED),
    ),
    _step(
        "close",
        "It ends without money; the shopper reads why.",
        "return_close",
        "return-close",
        Final("the shopper was told; money can still be sent back from the order's page"),
        (S.INSPECTED, S.CLOSED),
    ),
)

COMPLAINTS = (
    Step(
        name="complain",
        does="What is wrong with something that left, with photos; a late or lost parcel is an exception too.",
        service=SERVICES + "complaint_make",
        address=Why("the receiver, on the order's page"),
        undo=SERVICES + "complaint_close",
        event=ComplaintMoved,
        mail=("complaint_made",),
        line="Complaint: %(kind)s",
    ),
    Step(
        name="put right",
        does="Sent again, paid back, taken back or answered.",
        service=SERVICES + "complaint_close",
        address="complaint-close",
        undo=Final("the receiver was told and helped; whoever is not content complains again"),
        event=ComplaintMoved,
        mail=("complaint_closed",),
        line="Put right: %(remedy)s",
    ),
    Step(
        name="send again",
        does="What was in a parcel leaves once more, for nothing, as an order of its own.",
        service=SERVICES + "parcel_again",
        address="parcel-again",
        undo=Final("the other order can be cancelled until it leaves"),
        event=Why("the other order is placed and paid, with events of its own"),
        mail=("order_again",),
        line="Dealt with: %(outcome)s",
    ),
)

TABLES = (
    Table("Returns", RETURNS, NEXT),
    Table("Complaints", COMPLAINTS),
)
