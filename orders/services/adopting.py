"""Orders that a guest placed become a member's."""

from typing import Any

from orders.models import Order, ShippingAddress
from orders.services.addresses import address_remember
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def orders_adopt(*, user: Any) -> int:
    """Give the user all guest orders of their e-mail. Only for an e-mail that they proved.

    Returns how many there were.
    """
    mine = Order.objects.filter(user__isnull=True, guest_email__iexact=user.email)
    return mine.update(user=user)


def addresses_adopt(*, user: Any) -> int:
    """Put where their orders went into their address book, each place once; how many places."""
    orders = Order.objects.filter(user=user).exclude(shipping_address=None)
    places: dict[int, list[ShippingAddress]] = {}
    for order in orders.select_related("shipping_address").order_by("pk"):
        address = order.shipping_address
        places.setdefault(address.generate_hash(), []).append(address)
    for same in places.values():
        address_remember(user, same[0], orders=len(same))
    return len(places)
