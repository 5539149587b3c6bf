"""What comes back, what is wrong, and the orders that follow from it."""

from orders.returns.models.complaints import Complaint, ComplaintLine, ComplaintPhoto
from orders.returns.models.linked import LinkedOrder
from orders.returns.models.returns import (
    PHOTOS_AT_MOST,
    Return,
    ReturnLine,
    ReturnMoment,
    ReturnPhoto,
    ReturnPolicy,
    private_storage,
)

__all__ = [
    "PHOTOS_AT_MOST",
    "Complaint",
    "ComplaintLine",
    "ComplaintPhoto",
    "LinkedOrder",
    "Return",
    "ReturnLine",
    "ReturnMoment",
    "ReturnPhoto",
    "ReturnPolicy",
    "private_storage",
]
