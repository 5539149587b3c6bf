"""A parcel's label, what its carrier told of it, and the inbox of the carriers' messages."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from orders.carriers.states import MOVING, EventCode, ParcelState


class Label(models.Model):
    """One parcel as its carrier knows it. The row is committed before the carrier is asked, so a
    crash leaves one in state ``new`` that the next try finishes under the same key.

    ``promised_…`` is the order's promise on the day of the label, and what it is measured by.
    ``cost`` is the carrier's, in the shop's own currency.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="labels")
    shipment = models.ForeignKey(
        "fulfilment.Shipment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="labels",
    )
    is_return = models.BooleanField(default=False, help_text="from the receiver back to us")
    manifest = models.ForeignKey(
        "carriers.Manifest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labels",
    )
    loaded_at = models.DateTimeField(null=True, blank=True, help_text="scanned onto the manifest")
    carrier = models.CharField(max_length=40)
    service = models.CharField(max_length=40, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="idempotency")
    state = models.CharField(
        max_length=10, choices=ParcelState.choices, default=ParcelState.NEW, db_index=True
    )
    tracking_number = models.CharField(max_length=60, blank=True)
    weight_g = models.PositiveIntegerField(default=1)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    agreed = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="by the contract of its day; None: there was none",
    )
    pdf = models.BinaryField(blank=True, default=bytes)
    promised_from = models.DateField(null=True, blank=True)
    promised_until = models.DateField(null=True, blank=True)
    bought_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="last asked at the carrier")
    told_late_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"],
                condition=~Q(state=ParcelState.VOID),
                name="label_one_live_per_parcel",
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="label_once_per_tracking",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ParcelState.NEW, ParcelState.VOID]) | ~Q(tracking_number=""),
                name="label_bought_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=ParcelState.DELIVERED) | Q(delivered_at__isnull=False),
                name="label_delivered_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_return=False) | Q(shipment__isnull=True, manifest__isnull=True),
                name="label_back_is_of_no_parcel",
            ),
            models.CheckConstraint(
                condition=Q(manifest__isnull=True) | Q(loaded_at__isnull=False),
                name="label_on_manifest_was_loaded",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0, cost__lt=10_000_000_000, weight_g__gte=1),
                name="label_cost_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["checked_at", "id"], condition=Q(state__in=MOVING), name="label_moving"
            ),
            models.Index(
                OpClass(Upper("tracking_number"), name="text_pattern_ops"), name="label_by_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class TrackEvent(models.Model):
    """One thing that the carrier told of a parcel. Rows are added, never changed."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=80)
    code = models.CharField(max_length=12, choices=EventCode.choices)
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("happened_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["label", "event_id"], name="track_event_once"),
            models.CheckConstraint(
                condition=Q(code__in=EventCode.values), name="track_event_code_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.happened_at:%Y-%m-%d}"


class CarrierMessage(models.Model):
    """A carrier's message, kept once, worked off in its own time."""

    carrier = models.CharField(max_length=40)
    event_id = models.CharField(max_length=80)
    tracking_number = models.CharField(max_length=60)
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "event_id"], name="carrier_message_once_per_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(processed_at__isnull=True, parked_at__isnull=True),
                name="carrier_message_due",
            ),
            models.Index(
                fields=["id"],
                condition=Q(processed_at__isnull=True, parked_at__isnull=False),
                name="carrier_message_parked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.event_id}"
