"""The steps of a label with its parcel, and of a claim against its carrier. See `shop.core.steps`."""

from orders.carriers.states import (
    CLAIM_NEXT,
    NEXT,
    WRONG,
    ClaimState,
    ParcelState,
)
from shop.core.events import OrderShipped, ParcelMoved
from shop.core.steps import Final, Step, Table, Why

NEW, BOUGHT, HANDED, VOID = (
    ParcelState.NEW,
    ParcelState.BOUGHT,
    ParcelState.HANDED,
    ParcelState.VOID,
)
TRANSIT, OUT, DELIVERED = ParcelState.TRANSIT, ParcelState.OUT, ParcelState.DELIVERED
LOST, DAMAGED, RETURNED = WRONG[0], WRONG[1], WRONG[2]

OURS = Why("between us and the carrier")
CARRIER = Why("the carrier, by a message or when it is asked")
HAPPENED = Final("the carrier's word stands until it says otherwise")

TOLD = "orders.carriers.services.tracking.label_refresh"


def _told(name: str, does: str, mail: tuple[str, ...] | Why, line: str, *moves: tuple) -> Step:
    return Step(
        name=name,
        does=does,
        service=TOLD,
        address=CARRIER,
        undo=HAPPENED,
        event=ParcelMoved,
        mail=mail,
        line=line,
        moves=moves,
    )


PARCELS = (
    Step(
        name="ask for a label",
        does="The row is written before the carrier is asked, so that a crash buys none twice.",
        service="orders.carriers.services.label_buy",
        address="parcel-ask",
        undo="orders.carriers.services.label_void",
        event=OURS,
        mail=OURS,
        line=Why("told when it is bought, a moment later"),
        moves=(("", NEW),),
    ),
    Step(
        name="buy",
        does="The carrier gave a number, a price and a label to print.",
        service="orders.carriers.services.label_buy",
        address="parcel-ask",
        undo="orders.carriers.services.label_void",
        event=OURS,
        mail=OURS,
        line="Label bought",
        moves=((NEW, BOUGHT),),
    ),
    Step(
        name="void",
        does="A label that was not used is cancelled at the carrier.",
        service="orders.carriers.services.label_void",
        address="parcel-void",
        undo=Final("carriers revive none; another label is bought"),
        event=OURS,
        mail=OURS,
        line="Label cancelled",
        moves=((NEW, VOID), (BOUGHT, VOID)),
    ),
    Step(
        name="hand over",
        does="The parcel leaves the warehouse's books and the carrier is told.",
        service="orders.carriers.services.label_hand_over",
        address="parcels-hand-over",
        undo=Final("the carrier has it"),
        event=OrderShipped,
        mail=("order_shipped",),
        line="Parcel left with %(carrier)s, %(number)s",
        moves=((BOUGHT, HANDED),),
    ),
    _told(
        "on its way",
        "It moves, or moves again after it was lost or out for delivery.",
        ("parcel_late", "parcel_missed"),
        "On its way",
        (BOUGHT, TRANSIT),
        (HANDED, TRANSIT),
        (OUT, TRANSIT),
        (LOST, TRANSIT),
    ),
    _told(
        "out for delivery",
        "It comes today.",
        ("parcel_out",),
        "In the van, it comes today",
        (BOUGHT, OUT),
        (HANDED, OUT),
        (TRANSIT, OUT),
    ),
    _told(
        "delivered",
        "With the last one the order has arrived.",
        ("order_delivered",),
        "Parcel handed over",
        *((one, DELIVERED) for one in (BOUGHT, HANDED, TRANSIT, OUT, LOST, DAMAGED)),
    ),
    _told(
        "lost",
        "It waits in the clerks' queue, to be sent again or paid back.",
        ("parcel_lost",),
        "The carrier cannot find it",
        *((one, LOST) for one in (BOUGHT, HANDED, TRANSIT, OUT)),
    ),
    _told(
        "damaged",
        "It waits in the clerks' queue, to be sent again or paid back.",
        ("parcel_lost",),
        "Damaged on the way",
        *((one, DAMAGED) for one in (BOUGHT, HANDED, TRANSIT, OUT)),
    ),
    _told(
        "sent back",
        "It comes back to us and is taken in.",
        ("parcel_returned",),
        "On its way back to us",
        *((one, RETURNED) for one in (BOUGHT, HANDED, TRANSIT, OUT, LOST, DAMAGED)),
    ),
)

COLLEAGUES = Why("between us and the carrier; the receiver was helped already")


def _claim(
    name: str,
    does: str,
    undo: str | Final,
    line: str | Why,
    *moves: tuple,
    address: str = "claim-move",
) -> Step:
    return Step(
        name=name,
        does=does,
        service=f"orders.carriers.services.claims.claim_{'move' if address == 'claim-move' else 'open'}",
        address=address,
        undo=undo,
        event=COLLEAGUES,
        mail=COLLEAGUES,
        line=line,
        moves=moves,
    )


MOVE = "orders.carriers.services.claims.claim_move"
S = ClaimState
CLAIMS = (
    _claim(
        "open",
        "What a parcel was worth is to be claimed, until a day.",
        MOVE,
        "Claim from the carrier: %(kind)s",
        ("", S.OPEN),
        address="claim-new",
    ),
    _claim(
        "hand in",
        "The carrier has it; again after a refusal.",
        MOVE,
        "Claim: %(state)s",
        (S.OPEN, S.SENT),
        (S.REFUSED, S.SENT),
    ),
    _claim(
        "grant",
        "The carrier owes an amount.",
        Final("the carrier's word"),
        "Claim: %(state)s",
        (S.SENT, S.GRANTED),
    ),
    _claim("refuse", "The carrier pays nothing.", MOVE, "Claim: %(state)s", (S.SENT, S.REFUSED)),
    _claim(
        "pay",
        "The money is here.",
        Final("money that came"),
        "Claim: %(state)s",
        (S.GRANTED, S.PAID),
    ),
    _claim(
        "drop",
        "It is not pursued.",
        Final("a decision of the team; for one parcel there is one claim of a kind"),
        Why("only on the claim's own page: nothing came of it"),
        (S.OPEN, S.DROPPED),
        (S.SENT, S.DROPPED),
    ),
)

TABLES = (
    Table("Fulfilment: parcels and their labels", PARCELS, NEXT),
    Table("Fulfilment: claims from carriers", CLAIMS, CLAIM_NEXT),
)
