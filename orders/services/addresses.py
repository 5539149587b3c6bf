"""Addresses that a member need not type again."""

from typing import Any

from oscar.apps.address.models import UserAddress

from orders.models import ShippingAddress


def address_remember(user: Any, address: ShippingAddress, *, orders: int = 1) -> None:
    """Keep the address for the member's next order, once; so many ``orders`` more went there."""
    known = UserAddress.objects.filter(user=user, hash=address.generate_hash()).first()
    if known is None:
        known = UserAddress(user=user)
        address.populate_alternative_model(known)
    known.num_orders_as_shipping_address += orders
    known.save()
