"""The life of an order. What each step does to stock and money, and what undoes it.

=========  ==========================================  ==============================
step       does                                        undone by
=========  ==========================================  ==============================
place      stock allocated, payment intent written     cancel, or expiry by the clock
pay        money captured                              refund
pack       parcel prepared                             unpack (to paid or pending)
ship       allocation consumed, ledger row written     return
deliver    parcel handed over, or nothing to send      return
fail       no parcel arrived: sent again or paid back  one that turns up is delivered
hold       neither packed nor shipped: orders.life     release, or cancel
edit       fewer units, another door: orders.life      placing anew what was taken out
add        units held until paid: orders.additions     withdrawing it, or the clock; later an edit
cancel     allocation released, money sent back        a payment that comes late, if stock allows
=========  ==========================================  ==============================
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    PENDING = "pending", _("Awaiting payment")
    PAID = "paid", _("Paid")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    UNDELIVERED = "undelivered", _("Not delivered")
    CANCELLED = "cancelled", _("Cancelled")


class CancelReason(models.TextChoices):
    EXPIRED = "expired", _("Not paid in time")
    CUSTOMER = "customer", _("Cancelled by the customer")
    OPERATOR = "operator", _("Cancelled by the shop")
    PAYMENT = "payment", _("Payment refused")


#: What may follow what. The settings carry the same table to Oscar's pipeline.
NEXT: dict[str, tuple[str, ...]] = {
    OrderState.PENDING: (OrderState.PAID, OrderState.PACKED, OrderState.CANCELLED),
    # Straight to delivered: what needs no parcel, see `orders.handover`.
    OrderState.PAID: (OrderState.PACKED, OrderState.DELIVERED, OrderState.CANCELLED),
    OrderState.PACKED: (
        OrderState.SHIPPED,
        OrderState.PAID,
        OrderState.PENDING,
        OrderState.CANCELLED,
    ),
    OrderState.SHIPPED: (OrderState.DELIVERED, OrderState.UNDELIVERED),
    OrderState.UNDELIVERED: (OrderState.DELIVERED,),
    OrderState.DELIVERED: (),
    OrderState.CANCELLED: (OrderState.PAID,),
}

#: Orders that count as sales.
SOLD = (
    OrderState.PAID,
    OrderState.PACKED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.UNDELIVERED,
)

#: Orders whose last parcel has left.
AFTER_SHIPPING = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.UNDELIVERED)

#: Orders that are here still: their lines hold stock, and they can be told to wait.
HOLDING = (OrderState.PENDING, OrderState.PAID, OrderState.PACKED)
