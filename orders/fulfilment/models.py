"""What we know of an order beyond Oscar's own columns, and the parcels it left in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.states import CancelReason


class OrderFacts(models.Model):
    """One row beside each order: how to speak to the buyer, what was promised, why it ended."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="facts")
    language = models.CharField(max_length=12, default="en")
    payment_method = models.CharField(
        max_length=40, help_text="code of the gateway chosen at checkout"
    )
    promised_from = models.DateField(null=True, blank=True)
    promised_until = models.DateField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)


class Shipment(models.Model):
    """One parcel."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=60)
    shipped_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    shipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True)
                | Q(delivered_at__gte=models.F("shipped_at")),
                name="shipment_delivered_after_shipped",
            ),
            models.UniqueConstraint(
                fields=["order", "carrier", "tracking_number"], name="shipment_once_per_tracking"
            ),
        ]


class ShipmentLine(models.Model):
    """Units of one order line in one parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(
        "order.Line", on_delete=models.PROTECT, related_name="shipped_in"
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_of_something"),
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipment_line_once"),
        ]
