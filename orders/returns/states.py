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
repair     the warranty is kept                           warehouse
mend       the things go back to the shopper              warehouse
refund     money for what was found                       finance
exchange   its worth pays for the order that was held     customer service
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
    REPAIRING = "repairing", pgettext_lazy("return", "In repair")
    REPAIRED = "repaired", pgettext_lazy("return", "Repaired")
    REFUNDED = "refunded", pgettext_lazy("return", "Refunded")
    EXCHANGED = "exchanged", pgettext_lazy("return", "Exchanged")
    CLOSED = "closed", pgettext_lazy("return", "Closed without money")
    CANCELLED = "cancelled", pgettext_lazy("return", "Cancelled")


#: What may follow what.
NEXT: dict[str, tuple[str, ...]] = {
    ReturnState.ASKED: (ReturnState.APPROVED, ReturnState.REFUSED, ReturnState.CANCELLED),
    ReturnState.APPROVED: (ReturnState.ON_WAY, ReturnState.RECEIVED, ReturnState.CANCELLED),
    ReturnState.REFUSED: (),
    ReturnState.ON_WAY: (ReturnState.RECEIVED, ReturnState.CANCELLED),
    ReturnState.RECEIVED: (ReturnState.INSPECTED, ReturnState.REPAIRING),
    # What cannot be repaired is looked at as any other, and paid.
    ReturnState.REPAIRING: (ReturnState.REPAIRED, ReturnState.INSPECTED),
    ReturnState.REPAIRED: (),
    ReturnState.INSPECTED: (ReturnState.REFUNDED, ReturnState.EXCHANGED, ReturnState.CLOSED),
    ReturnState.REFUNDED: (),
    ReturnState.EXCHANGED: (),
    ReturnState.CLOSED: (),
    ReturnState.CANCELLED: (),
}

#: Nothing follows.
ENDED = tuple(state for state, after in NEXT.items() if not after)

#: Their worth was paid out, or into another order.
PAID = (ReturnState.REFUNDED, ReturnState.EXCHANGED)

#: Claim no units: what was asked for may be asked for again.
VOID = (ReturnState.REFUSED, ReturnState.CANCELLED)

#: The shopper has these units, or may have them: they may be asked for again.
UNCLAIMED = (*VOID, ReturnState.REPAIRED)

#: It is to be packed and sent, or is on its way: there is a slip for the parcel, and perhaps a label.
SENT_WITH_SLIP = (ReturnState.APPROVED, ReturnState.ON_WAY)

#: The shopper may still take it back.
CANCELLABLE = (ReturnState.ASKED, ReturnState.APPROVED)


class Wish(models.TextChoices):
    """What the shopper would like for it."""

    REFUND = "refund", _("My money back")
    CREDIT = "credit", _("Store credit")
    EXCHANGE = "exchange", _("Something else in exchange")
    REPAIR = "repair", _("Have it repaired")


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


#: What a repair can put right.
REPAIRABLE = (ReturnReason.DAMAGED, ReturnReason.BROKEN)


class Condition(models.TextChoices):
    """In which condition things may come back when nothing is wrong with them."""

    UNUSED = "unused", _("unused and in its packaging")
    TRIED = "tried", _("tried out with care")
    SEALED = "sealed", _("with its seal unbroken")


class LinkKind(models.TextChoices):
    """Why an order follows from another."""

    EXCHANGE = "exchange", pgettext_lazy("order", "Exchange")
    AGAIN = "again", pgettext_lazy("order", "Sent again")


class ComplaintKind(models.TextChoices):
    """What is wrong, as the receiver of the parcel says it."""

    LATE = "late", _("It is late")
    LOST = "lost", _("It never came")
    DAMAGED = "damaged", _("It arrived damaged")
    MISSING = "missing", _("Something is missing in it")


class Remedy(models.TextChoices):
    """How a complaint is put right."""

    AGAIN = "again", _("Send it again")
    MONEY = "money", _("Money back, nothing comes back")
    BACK = "back", _("It comes back to us")
    WORDS = "words", _("An answer")


#: What each complaint may wish for. What never came cannot come back.
WISHES: dict[str, tuple[str, ...]] = {
    ComplaintKind.LATE: (Remedy.WORDS,),
    ComplaintKind.LOST: (Remedy.AGAIN, Remedy.MONEY),
    ComplaintKind.DAMAGED: (Remedy.BACK, Remedy.AGAIN, Remedy.MONEY),
    ComplaintKind.MISSING: (Remedy.AGAIN, Remedy.MONEY),
}
