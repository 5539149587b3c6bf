"""The only writer of stock. Every unit that moves leaves a row in the ledger."""

from supply.services.arrivals import arrival_cancel, arrival_expect, arrival_receive
from supply.services.bins import bin_empty, bin_put, bin_remove, bin_rename, bin_take
from supply.services.counts import count_decide, count_enter, count_plan, is_large, rights_wanted
from supply.services.places import bins_add, warehouse_save
from supply.services.reserving import stock_reserve, stock_unreserve
from supply.services.returned import goods_back
from supply.services.stock import (
    stock_allocate,
    stock_move,
    stock_release,
    stock_ship,
    stocks_count,
)
from supply.services.transfers import (
    Came,
    transfer_cancel,
    transfer_line_set,
    transfer_make,
    transfer_receive,
    transfer_send,
)

__all__ = [
    "Came",
    "arrival_cancel",
    "arrival_expect",
    "arrival_receive",
    "bin_empty",
    "bin_put",
    "bin_remove",
    "bin_rename",
    "bin_take",
    "bins_add",
    "count_decide",
    "count_enter",
    "count_plan",
    "goods_back",
    "is_large",
    "rights_wanted",
    "stock_allocate",
    "stock_move",
    "stock_release",
    "stock_reserve",
    "stock_ship",
    "stock_unreserve",
    "stocks_count",
    "transfer_cancel",
    "transfer_line_set",
    "transfer_make",
    "transfer_receive",
    "transfer_send",
    "warehouse_save",
]
