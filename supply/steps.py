"""The steps of goods between warehouses. See `shop.core.steps`."""

from shop.core.events import StockChanged
from shop.core.steps import Final, Step, Table, Why
from supply.models import TransferState
from supply.models.transfers import TRANSFER_NEXT

S = TransferState
SERVICES = "supply.services."
ON_PAPER = Why("nothing has moved yet")
OURS = Why("between our own warehouses")
LEDGER = Why("no order's step; the stock ledger and the page of the transfer tell of it")

STEPS = (
    Step(
        name="put together",
        does="From one warehouse to another; nothing is on it yet.",
        service=SERVICES + "transfer_make",
        address="transfer-add",
        undo=SERVICES + "transfer_cancel",
        event=ON_PAPER,
        mail=OURS,
        line=LEDGER,
        moves=(("", S.DRAFT),),
    ),
    Step(
        name="put something on it",
        does="So many units of a record; 0 takes it off.",
        service=SERVICES + "transfer_line_set",
        address="transfer-line",
        undo=SERVICES + "transfer_line_set",
        event=ON_PAPER,
        mail=OURS,
        line=LEDGER,
    ),
    Step(
        name="send",
        does="Its units leave their warehouse and cannot be sold until they have come.",
        service=SERVICES + "transfer_send",
        address="transfer-send",
        undo=Final("the goods are on the road; once received, another transfer brings them back"),
        event=StockChanged,
        mail=OURS,
        line=LEDGER,
        moves=((S.DRAFT, S.SENT),),
    ),
    Step(
        name="receive",
        does="What came stands in the other warehouse; every difference is named.",
        service=SERVICES + "transfer_receive",
        address="transfer-receive",
        undo=Final("its units may be sold already; a wrong number is put right by a count"),
        event=StockChanged,
        mail=OURS,
        line=LEDGER,
        moves=((S.SENT, S.RECEIVED),),
    ),
    Step(
        name="cancel",
        does="It does not leave.",
        service=SERVICES + "transfer_cancel",
        address="transfer-cancel",
        undo=Final("nothing has moved; another one is put together instead"),
        event=ON_PAPER,
        mail=OURS,
        line=LEDGER,
        moves=((S.DRAFT, S.CANCELLED),),
    ),
)

TABLES = (Table("Transfers between warehouses", STEPS, TRANSFER_NEXT),)
