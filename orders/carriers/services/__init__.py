"""Everything that changes a label or what is known of a parcel."""

from orders.carriers.services.labels import label_buy, label_hand_over, label_void
from orders.carriers.services.messages import message_receive, messages_process
from orders.carriers.services.tracking import label_refresh, parcels_ask, parcels_late

__all__ = [
    "label_buy",
    "label_hand_over",
    "label_refresh",
    "label_void",
    "message_receive",
    "messages_process",
    "parcels_ask",
    "parcels_late",
]
