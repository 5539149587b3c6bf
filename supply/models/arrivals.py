"""Deliveries that suppliers announced."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
