"""What is on the shelves, and how it came there: the ledger of the demo."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping

from catalog.partner.models import StockRecord
from shop.core.bulk import rows_update
from shop.demo.loader.bulk import bulk
from shop.demo.loader.places import Places
from supply.models import BinStock, Reason, StockMovement, WarehouseStock

RECEIPT_EVERY = dt.timedelta(days=45)


def stock_load(
    *,
    records: Mapping[str, StockRecord],
    sold: Mapping[str, Counter[int]],
    allocated: Mapping[str, int],
    begin: dt.datetime,
    rng: random.Random,
) -> None:
    """Receive what was sold, in time, and leave believable shelves.

    ``sold``: units per SKU and 45-day period since ``begin``; ``allocated``: units that open orders
    hold. About one variant in fourteen is out of stock, one in ten is nearly so.
    """
    places = Places.made()
    movements, held, shelves = [], [], []
    for sku, record in records.items():
        free = rng.choices((0, rng.randint(1, 4), rng.randint(8, 60)), (7, 10, 83))[0]
        left = free + allocated.get(sku, 0)
        periods = sold.get(sku, Counter())
        elsewhere = places.elsewhere(free, allocated.get(sku, 0), rng)
        here = left - sum(elsewhere.values())
        for period in range(max(periods, default=0) + 1):
            units = {places.main: periods[period] + (here if period == 0 else 0)}
            if period == 0:
                units |= elsewhere
            movements += [
                StockMovement(
                    stock_record=record,
                    warehouse=warehouse,
                    quantity=number,
                    reason=Reason.RECEIVED if period else Reason.OPENING,
                    source=f"receipt:demo:{period}" if period else "opening",
                    moved_at=begin + period * RECEIPT_EVERY,
                )
                for warehouse, number in units.items()
                if number
            ]
        for warehouse, number in ({places.main: here} | elsewhere).items():
            if number:
                held.append(
                    WarehouseStock(stock_record=record, warehouse=warehouse, on_hand=number)
                )
                shelves.append(
                    BinStock(bin=places.bin(warehouse, rng), stock_record=record, units=number)
                )
        record.num_in_stock = left
        record.num_allocated = allocated.get(sku, 0)
    bulk(movements)
    bulk(held)
    bulk(shelves)
    rows_update(records.values(), ["num_in_stock", "num_allocated"])
