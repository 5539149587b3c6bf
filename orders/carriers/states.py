"""The life of a parcel as its carrier tells it.

Messages come late, twice and out of order. A message is only a reason to ask, the answer is the truth, and the
table says which truth may follow what we know: nothing follows what has ended, but for a lost parcel that turns up.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ParcelState(models.TextChoices):
    NEW = "new", _("Label asked for")
    BOUGHT = "bought", _("Label bought")
    HANDED = "handed", _("Handed over to the carrier")
    TRANSIT = "transit", _("On its way")
    OUT = "out", _("Out for delivery")
    DELIVERED = "delivered", _("Delivered")
    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    RETURNED = "returned", _("Sent back to us")
    VOID = "void", _("Label cancelled")


_ENDS = (ParcelState.DELIVERED, ParcelState.LOST, ParcelState.DAMAGED, ParcelState.RETURNED)
_ON_THE_WAY = (ParcelState.TRANSIT, ParcelState.OUT, *_ENDS)

NEXT: dict[str, tuple[str, ...]] = {
    ParcelState.NEW: (ParcelState.BOUGHT, ParcelState.VOID),
    ParcelState.BOUGHT: (ParcelState.HANDED, ParcelState.VOID, *_ON_THE_WAY),
    ParcelState.HANDED: _ON_THE_WAY,
    ParcelState.TRANSIT: (ParcelState.OUT, *_ENDS),
    ParcelState.OUT: (ParcelState.TRANSIT, *_ENDS),
    ParcelState.LOST: (ParcelState.TRANSIT, ParcelState.DELIVERED, ParcelState.RETURNED),
    ParcelState.DAMAGED: (ParcelState.RETURNED, ParcelState.DELIVERED),
    ParcelState.DELIVERED: (),
    ParcelState.RETURNED: (),
    ParcelState.VOID: (),
}

#: With the carrier, and not at an end.
MOVING = (ParcelState.HANDED, ParcelState.TRANSIT, ParcelState.OUT)
WRONG = (ParcelState.LOST, ParcelState.DAMAGED, ParcelState.RETURNED)


class EventCode(models.TextChoices):
    """What a carrier may tell of a parcel, in words for its receiver."""

    ACCEPTED = "accepted", _("The carrier has your parcel")
    TRANSIT = "transit", _("On its way")
    DELAYED = "delayed", _("It takes longer than planned")
    OUT = "out", _("In the van, it comes today")
    MISSED = "missed", _("Nobody was there; the carrier tries again")
    DELIVERED = "delivered", _("Delivered")
    LOST = "lost", _("The carrier cannot find it")
    DAMAGED = "damaged", _("Damaged on the way")
    RETURNED = "returned", _("On its way back to us")


EVENT_TONES = {
    EventCode.DELIVERED: "good",
    EventCode.DELAYED: "warn",
    EventCode.MISSED: "warn",
    EventCode.LOST: "hot",
    EventCode.DAMAGED: "hot",
    EventCode.RETURNED: "hot",
}


STATE_OF: dict[str, str] = {
    EventCode.ACCEPTED: ParcelState.HANDED,
    EventCode.TRANSIT: ParcelState.TRANSIT,
    EventCode.DELAYED: ParcelState.TRANSIT,
    EventCode.OUT: ParcelState.OUT,
    EventCode.MISSED: ParcelState.TRANSIT,
    EventCode.DELIVERED: ParcelState.DELIVERED,
    EventCode.LOST: ParcelState.LOST,
    EventCode.DAMAGED: ParcelState.DAMAGED,
    EventCode.RETURNED: ParcelState.RETURNED,
}


class ClaimKind(models.TextChoices):
    """What went wrong with a parcel, as the carrier has to answer for it."""

    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    LATE = "late", _("Late")


class ClaimState(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "To hand in")
    SENT = "sent", pgettext_lazy("claim", "Handed in")
    GRANTED = "granted", pgettext_lazy("claim", "Granted")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")
    PAID = "paid", pgettext_lazy("claim", "Paid")
    DROPPED = "dropped", pgettext_lazy("claim", "Not pursued")


#: What may follow what.
CLAIM_NEXT: dict[str, tuple[str, ...]] = {
    ClaimState.OPEN: (ClaimState.SENT, ClaimState.DROPPED),
    ClaimState.SENT: (ClaimState.GRANTED, ClaimState.REFUSED, ClaimState.DROPPED),
    ClaimState.GRANTED: (ClaimState.PAID,),
    ClaimState.REFUSED: (ClaimState.SENT,),
    ClaimState.PAID: (),
    ClaimState.DROPPED: (),
}
