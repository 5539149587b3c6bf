"""What went wrong on the way, until somebody has dealt with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TroubleKind(models.TextChoices):
    SHORT = "short", _("Not enough in the bin")
    NO_STOCK = "no_stock", _("No warehouse can send it")
    ADDRESS = "address", _("The address is not complete")
    LATE = "late", _("Parcel is late")
    LOST = "lost", _("Parcel is lost")
    DAMAGED = "damaged", _("Parcel is damaged")
    RETURNED = "returned", _("Parcel was sent back to us")


#: The parcel did not arrive, and will not: named as `Failure`.
PARCEL_KINDS = (TroubleKind.LOST, TroubleKind.DAMAGED, TroubleKind.RETURNED)


class Outcome(models.TextChoices):
    """How it ended."""

    REROUTED = "rerouted", _("Sent from another warehouse")
    FOUND = "found", _("Found after all")
    LESS = "less", _("Taken out of the order")
    CANCELLED = "cancelled", _("Order cancelled")
    MENDED = "mended", _("Put right")
    CARRIER = "carrier", _("The carrier was asked")
    AGAIN = "again", _("It is sent again")
    PAID = "paid", _("It is paid back")
    CAME = "came", _("It came after all")


#: How each kind may end by hand. What ends by itself (the order was changed or cancelled) is not here.
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    TroubleKind.SHORT: (Outcome.FOUND, Outcome.REROUTED),
    TroubleKind.NO_STOCK: (Outcome.REROUTED,),
    TroubleKind.ADDRESS: (Outcome.MENDED,),
    TroubleKind.LATE: (Outcome.CARRIER, Outcome.CAME),
    TroubleKind.LOST: (Outcome.AGAIN, Outcome.PAID, Outcome.CAME),
    TroubleKind.DAMAGED: (Outcome.AGAIN, Outcome.PAID, Outcome.CAME),
    TroubleKind.RETURNED: (Outcome.AGAIN, Outcome.PAID),
}


class Trouble(models.Model):
    """One exception in the clerk's queue. ``words`` are of who found it, ``closing`` of who ended it."""

    kind = models.CharField(max_length=10, choices=TroubleKind.choices)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="troubles")
    consignment_line = models.ForeignKey(
        "fulfilment.ConsignmentLine", on_delete=models.SET_NULL, null=True, blank=True
    )
    shipment = models.ForeignKey(
        "fulfilment.Shipment", on_delete=models.CASCADE, null=True, blank=True
    )
    units = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody: the shop itself",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    closing = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TroubleKind.values), name="trouble_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=Outcome.values),
                name="trouble_closed_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["kind", "consignment_line"],
                condition=Q(closed_at__isnull=True, consignment_line__isnull=False),
                name="trouble_one_open_per_line",
            ),
            models.UniqueConstraint(
                fields=["kind", "shipment"],
                condition=Q(closed_at__isnull=True, shipment__isnull=False),
                name="trouble_one_open_per_parcel",
            ),
            models.UniqueConstraint(
                fields=["kind", "order"],
                condition=Q(closed_at__isnull=True, kind__in=("address", "no_stock")),
                name="trouble_one_open_per_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "opened_at"],
                condition=Q(closed_at__isnull=True),
                name="trouble_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"
