"""Everything that changes a return, or follows from one or from a complaint. One function per step;
`orders.returns.states` says what may follow."""

from orders.returns.services.again import parcel_again
from orders.returns.services.asking import Wanted, return_ask, return_cancel, return_send
from orders.returns.services.complaining import complaint_close, complaint_make
from orders.returns.services.deciding import return_approve, return_refuse
from orders.returns.services.exchanging import return_exchange
from orders.returns.services.labels import return_drop, return_label
from orders.returns.services.paying import return_close, return_refund
from orders.returns.services.policies import policy_delete, policy_save
from orders.returns.services.repairing import (
    return_repair,
    return_repaired,
    units_refurbished,
)
from orders.returns.services.warehouse import Found, return_inspect, return_receive

__all__ = [
    "Found",
    "Wanted",
    "complaint_close",
    "complaint_make",
    "parcel_again",
    "policy_delete",
    "policy_save",
    "return_approve",
    "return_ask",
    "return_cancel",
    "return_close",
    "return_drop",
    "return_exchange",
    "return_inspect",
    "return_label",
    "return_receive",
    "return_refund",
    "return_refuse",
    "return_repair",
    "return_repaired",
    "return_send",
    "units_refurbished",
]
