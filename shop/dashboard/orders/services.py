"""What the back office writes beside an order. Its steps are in `orders.services`."""

from typing import Any
from uuid import UUID

from oscar.apps.order.abstract_models import AbstractOrderNote

from orders.life.models import NoteKey
from orders.locks import order_lock
from orders.models import Order, OrderNote
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def order_note_add(*, order: Order, message: str, key: UUID, user: Any) -> bool:
    """Keep a note for colleagues; shoppers never see it. False when this ``key`` was kept before."""
    order = order_lock(order_id=order.pk)
    if NoteKey.objects.filter(key=key).exists():
        return False
    note = OrderNote.objects.create(
        order=order, message=message, user=user, note_type=AbstractOrderNote.INFO
    )
    NoteKey.objects.create(note=note, key=key)
    return True
