"""What the back office writes beside an order. Its steps are in `orders.services`."""

from typing import Any

from oscar.apps.order.abstract_models import AbstractOrderNote

from orders.models import Order, OrderNote


def order_note_add(*, order: Order, message: str, user: Any) -> OrderNote:
    """Keep a note for colleagues; shoppers never see it."""
    return OrderNote.objects.create(
        order=order, message=message, user=user, note_type=AbstractOrderNote.INFO
    )
