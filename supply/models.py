"""Warehouses and the stock ledger."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Warehouse(models.Model):
    """A place that holds stock."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    country = models.ForeignKey("address.Country", on_delete=models.PROTECT)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="warehouse_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reason(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIVED = "received", _("Goods received")
    SOLD = "sold", _("Sold and shipped")
    RETURNED = "returned", _("Returned by a customer")
    COUNTED = "counted", _("Corrected by a count")
    LOST = "lost", _("Lost or damaged")


class StockMovement(models.Model):
    """One line of the stock ledger. Rows are added, never changed.

    The sum of ``quantity`` over a stock record equals its ``num_in_stock``.
    """

    stock_record = models.ForeignKey(
        "partner.StockRecord", on_delete=models.PROTECT, related_name="movements"
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="movements")
    quantity = models.IntegerField(help_text="units; negative leaves the warehouse")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    source = models.CharField(max_length=80, help_text="what caused it, e.g. receipt:41:7")
    note = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField(default=timezone.now, db_index=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves_something"),
            models.UniqueConstraint(
                fields=["stock_record", "source"], name="movement_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["stock_record", "-moved_at"], name="movement_by_record"),
        ]


class ArrivalState(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    ARRIVED = "arrived", _("Arrived")
    CANCELLED = "cancelled", _("Will not come")


class ExpectedArrival(models.Model):
    """A delivery that a supplier announced; shoppers of what is sold out are told its day."""

    stock_record = models.ForeignKey(
        "partner.StockRecord", on_delete=models.CASCADE, related_name="expected_arrivals"
    )
    day = models.DateField(_("Day"))
    units = models.PositiveIntegerField(_("Units"))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=ArrivalState.choices, default=ArrivalState.EXPECTED
    )
    key = models.UUIDField(unique=True, help_text="of the form, so that it counts once")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="arrival_brings_something"),
            models.CheckConstraint(
                condition=Q(state__in=ArrivalState.values), name="arrival_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["stock_record", "day"],
                condition=Q(state="expected"),
                name="arrival_expected_by_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} on {self.day}"
