"""What a buyer of a gift card said, from product page to basket line to order line."""

import datetime as dt
from typing import Any

from orders.models import Line
from payments.wallets.services import GiftWishes

OPTION = "gift"  # code of the option that carries the wishes


def wishes_pack(wishes: GiftWishes) -> dict[str, str]:
    """As a basket line keeps them."""
    return {
        "to_name": wishes.recipient_name,
        "to_email": wishes.recipient_email,
        "from": wishes.sender_name,
        "message": wishes.message,
        "send_on": wishes.send_on.isoformat() if wishes.send_on else "",
    }


def wishes_of(line: Line, *, default_email: str) -> GiftWishes:
    """Of an order line; without any the card goes to the buyer at once."""
    attribute = line.attributes.filter(type=OPTION).first()
    return wishes_read(attribute.value if attribute else {}, default_email=default_email)


def wishes_read(said: Any, *, default_email: str) -> GiftWishes:
    said = said if isinstance(said, dict) else {}
    try:
        send_on = dt.date.fromisoformat(said.get("send_on") or "")
    except ValueError:
        send_on = None
    return GiftWishes(
        recipient_name=said.get("to_name", ""),
        recipient_email=said.get("to_email") or default_email,
        sender_name=said.get("from", ""),
        message=said.get("message", ""),
        send_on=send_on,
    )
