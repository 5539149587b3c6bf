"""From paid to left: facts of an order, where it is packed, its parcels, and what went wrong."""

from orders.fulfilment.models.batches import Batch, BatchAction, BatchRow, BatchState, RowOutcome
from orders.fulfilment.models.consignments import (
    CONSIGNMENT_NEXT,
    OPEN,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    Rule,
    Wave,
    WaveState,
)
from orders.fulfilment.models.parcels import Failure, OrderFacts, Shipment, ShipmentLine
from orders.fulfilment.models.troubles import PARCEL_KINDS, Outcome, Trouble, TroubleKind

__all__ = [
    "CONSIGNMENT_NEXT",
    "OPEN",
    "PARCEL_KINDS",
    "Batch",
    "BatchAction",
    "BatchRow",
    "BatchState",
    "Consignment",
    "ConsignmentLine",
    "ConsignmentState",
    "Failure",
    "OrderFacts",
    "Outcome",
    "RowOutcome",
    "Rule",
    "Shipment",
    "ShipmentLine",
    "Trouble",
    "TroubleKind",
    "Wave",
    "WaveState",
]
