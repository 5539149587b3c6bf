"""Warehouses, their bins, what stands in them, and the ledger of all that moved."""

from supply.models.arrivals import ArrivalState, ExpectedArrival
from supply.models.counts import CountLine, CountReason, CountState, CycleCount
from supply.models.ledger import WRITE_OFFS, Reason, StockMovement
from supply.models.places import Bin, BinStock, Warehouse, WarehouseStock
from supply.models.transfers import Difference, Transfer, TransferLine, TransferState

__all__ = [
    "WRITE_OFFS",
    "ArrivalState",
    "Bin",
    "BinStock",
    "CountLine",
    "CountReason",
    "CountState",
    "CycleCount",
    "Difference",
    "ExpectedArrival",
    "Reason",
    "StockMovement",
    "Transfer",
    "TransferLine",
    "TransferState",
    "Warehouse",
    "WarehouseStock",
]
