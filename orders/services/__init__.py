"""Everything that changes an order. One function per step; `orders.states` says what may follow what."""

from orders.services.cancelling import order_cancel, order_rest_cancel, orders_expire
from orders.services.earning import order_points_settle
from orders.services.fulfilling import (
    order_deliver,
    order_pack,
    order_route,
    order_ship,
    order_unpack,
    parcel_ship,
)
from orders.services.otherwise import order_pay_with
from orders.services.paying import order_mark_paid, order_payment_ended, order_refund
from orders.services.placing import Checkout, order_place
from orders.services.taking import shipped_take
from orders.services.unpaid import rest_ask

__all__ = [
    "Checkout",
    "order_cancel",
    "order_deliver",
    "order_mark_paid",
    "order_pack",
    "order_pay_with",
    "order_payment_ended",
    "order_place",
    "order_points_settle",
    "order_refund",
    "order_rest_cancel",
    "order_route",
    "order_ship",
    "order_unpack",
    "orders_expire",
    "parcel_ship",
    "rest_ask",
    "shipped_take",
]
