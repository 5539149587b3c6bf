"""The life of a return, and why things come back.

=========  =============================================  ==========================
step       does                                           by
=========  =============================================  ==========================
ask        units claimed, photos kept                     shopper
approve    the shopper learns where to send it            customer service
refuse     units free again, the shopper learns why       customer service
send       carrier and tracking number noted              shopper
receive    the parcel is here                             warehouse
inspect    what was found per line; good units restocked  warehouse
refund     money for what was found                       finance
close      ends without money                             finance
cancel     units free again                               shopper, or customer service
=========  =============================================  ==========================
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReturnState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("return", "Asked for")
    APPROVED = "approved", pgettext_lazy("return", "Approved")
    REFUSED = "refused", pgettext_lazy("return", "Refused")
    ON_WAY = "on_way", pgettext_lazy("return", "On its way")
    RECEIVED = "received", pgettext_lazy("return", "Received")
    INSPECTED = "inspected", pgettext_lazy("return", "Looked at")
    REFUNDED = "refunded", pgettext_lazy("return", "Refunded")
    CLOSED = "closed", pgettext_lazy("return", "Closed without money")
    CANCELLED = "cancelled", pgettext_lazy("return", "Cancelled")


#: What may follow what.
NEXT: dict[str, tuple[str, ...]] = {
    ReturnState.ASKED: (ReturnState.APPROVED, ReturnState.REFUSED, ReturnState.CANCELLED),
    ReturnState.APPROVED: (ReturnState.ON_WAY, ReturnState.RECEIVED, ReturnState.CANCELLED),
    ReturnState.REFUSED: (),
    ReturnState.ON_WAY: (ReturnState.RECEIVED, ReturnState.CANCELLED),
    ReturnState.RECEIVED: (ReturnState.INSPECTED,),
    ReturnState.INSPECTED: (ReturnState.REFUNDED, ReturnState.CLOSED),
    ReturnState.REFUNDED: (),
    ReturnState.CLOSED: (),
    ReturnState.CANCELLED: (),
}

#: Nothing follows.
ENDED = tuple(state for state, after in NEXT.items() if not after)

#: Claim no units: what was asked for may be asked for again.
VOID = (ReturnState.REFUSED, ReturnState.CANCELLED)

#: The shopper may still take it back.
CANCELLABLE = (ReturnState.ASKED, ReturnState.APPROVED)


class Wish(models.TextChoices):
    """What the shopper would like for it."""

    REFUND = "refund", _("My money back")
    CREDIT = "credit", _("Store credit")


class ReturnReason(models.TextChoices):
    DAMAGED = "damaged", _("Arrived damaged")
    LATE = "late", _("Arrived too late")
    WRONG = "wrong", _("It is the wrong thing")
    MIND = "mind", _("I changed my mind")
    FIT = "fit", _("It does not fit")
    BROKEN = "broken", _("It broke or does not work")
    DESCRIBED = "described", _("It is not as described")


#: Nobody's choice: these hold longer than a change of mind, and units that are scrap are paid all the same.
FAULTS = (
    ReturnReason.DAMAGED,
    ReturnReason.WRONG,
    ReturnReason.BROKEN,
    ReturnReason.DESCRIBED,
)


class Condition(models.TextChoices):
    """In which condition things may come back when nothing is wrong with them."""

    UNUSED = "unused", _("unused and in its packaging")
    TRIED = "tried", _("tried out with care")
    SEALED = "sealed", _("with its seal unbroken")
