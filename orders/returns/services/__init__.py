"""Everything that changes a return. One function per step; `orders.returns.states` says what may follow."""

from orders.returns.services.asking import Wanted, return_ask, return_cancel, return_send
from orders.returns.services.deciding import return_approve, return_refuse
from orders.returns.services.paying import return_close, return_refund
from orders.returns.services.policies import policy_delete, policy_save
from orders.returns.services.warehouse import Found, return_inspect, return_receive

__all__ = [
    "Found",
    "Wanted",
    "policy_delete",
    "policy_save",
    "return_approve",
    "return_ask",
    "return_cancel",
    "return_close",
    "return_inspect",
    "return_receive",
    "return_refund",
    "return_refuse",
    "return_send",
]
