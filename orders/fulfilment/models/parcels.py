"""What we know of an order beyond Oscar's own columns, and the parcels it left in."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Upper
from django.utils.translation import gettext_lazy as _

from orders.states import CancelReason

NEVER = dt.date(9999, 12, 31)


def promise(facts: str = "") -> Coalesce:
    """The last day that was promised, to put orders in its order; those without one come last.

    ``facts``: the way to it, as ``facts__``.
    """
    return Coalesce(F(f"{facts}promised_until"), Value(NEVER))


class OrderFacts(models.Model):
    """One row beside each order: how to speak to the buyer, what was promised, why it ended."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="facts")
    language = models.CharField(max_length=12, default="en")
    payment_method = models.CharField(
        max_length=40, help_text="code of the gateway chosen at checkout"
    )
    promised_from = models.DateField(null=True, blank=True)
    promised_until = models.DateField(null=True, blank=True)
    first_promised_until = models.DateField(
        null=True, blank=True, help_text="before late money moved it; empty: it was not moved"
    )
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)

    class Meta:
        indexes = [models.Index(promise(), F("order"), name="facts_by_promise")]


class Failure(models.TextChoices):
    """How a parcel ended that did not arrive."""

    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    RETURNED = "returned", _("Sent back to us")


class Shipment(models.Model):
    """One parcel. It is being packed until ``packed_at``, here until ``shipped_at``, then gone.

    It ends as ``delivered_at`` or as ``failed_at``; one that was lost may turn up. ``taken_back_at``:
    what the carrier sent back was looked at, see its lines.

    Weight in grams, sizes in millimetres, as measured at the packing table; None: not measured.
    Parcels of before there were packing tables have no ``packed_at``.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="shipments")
    consignment = models.ForeignKey(
        "fulfilment.Consignment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parcels",
    )
    warehouse = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, null=True, blank=True, related_name="parcels"
    )
    box = models.CharField(max_length=20, blank=True)
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=10, choices=Failure.choices, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("shipped_at")),
                name="shipment_delivered_after_shipped",
            ),
            models.CheckConstraint(
                condition=Q(shipped_at__isnull=True) | (~Q(carrier="") & ~Q(tracking_number="")),
                name="shipment_left_with_somebody",
            ),
            models.CheckConstraint(
                condition=Q(shipped_at__isnull=True)
                | Q(packed_at__isnull=True)
                | Q(shipped_at__gte=F("packed_at")),
                name="shipment_left_after_packed",
            ),
            models.CheckConstraint(
                condition=(Q(weight_g__isnull=True) | Q(weight_g__gt=0))
                & (Q(length_mm__isnull=True) | Q(length_mm__gt=0))
                & (Q(width_mm__isnull=True) | Q(width_mm__gt=0))
                & (Q(height_mm__isnull=True) | Q(height_mm__gt=0)),
                name="shipment_measured_above_nothing",
            ),
            models.CheckConstraint(
                condition=Q(failed="", failed_at__isnull=True)
                | Q(
                    failed__in=Failure.values,
                    failed_at__isnull=False,
                    shipped_at__isnull=False,
                    delivered_at__isnull=True,
                ),
                name="shipment_failed_or_delivered",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(failed=Failure.RETURNED),
                name="shipment_taken_back_was_sent_back",
            ),
            models.UniqueConstraint(
                fields=["order", "carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="shipment_once_per_tracking",
            ),
            models.UniqueConstraint(
                fields=["consignment"],
                condition=Q(packed_at__isnull=True, shipped_at__isnull=True),
                name="shipment_one_open_box",
            ),
        ]
        indexes = [
            models.Index(
                fields=["packed_at"], condition=Q(shipped_at__isnull=True), name="shipment_here"
            ),
            models.Index(
                fields=["shipped_at"],
                condition=Q(shipped_at__isnull=False, delivered_at__isnull=True),
                name="shipment_moving",
            ),
            models.Index(
                fields=["delivered_at"],
                condition=Q(delivered_at__isnull=False),
                name="shipment_by_delivery",
            ),
            models.Index(
                OpClass(Upper("tracking_number"), name="text_pattern_ops"),
                name="shipment_by_number",
            ),
            models.Index(
                fields=["failed_at"], condition=~Q(failed=""), name="shipment_failed_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.pk}"

    @property
    def live_label(self) -> Any:
        """Of its carrier, not cancelled; None for a number that was typed. Fetch ``labels`` first."""
        return next((one for one in self.labels.all() if one.state != "void"), None)

    @property
    def is_here(self) -> bool:
        """Packed, and the carrier has not taken it yet."""
        return self.packed_at is not None and self.shipped_at is None


class ShipmentLine(models.Model):
    """Units of one order line in one parcel. Of a parcel that was sent back ``restocked`` are on the
    shelf again and ``scrapped`` are not fit to be; the others were not in it.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(
        "order.Line", on_delete=models.PROTECT, related_name="shipped_in"
    )
    quantity = models.PositiveIntegerField()
    restocked = models.PositiveIntegerField(default=0)
    scrapped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_of_something"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("restocked") + F("scrapped")),
                name="shipment_line_taken_back_within_quantity",
            ),
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
        ]
