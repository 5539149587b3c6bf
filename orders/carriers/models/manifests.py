"""What a carrier takes along in one go."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Manifest(models.Model):
    """The parcels that stand at the ramp for one carrier. Closed as the driver takes them.

    One is open for a carrier and warehouse; parcels are scanned onto it (`Label.manifest`).
    """

    number = models.CharField(max_length=20, unique=True)
    carrier = models.CharField(max_length=40)
    warehouse = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "warehouse"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="manifest_one_open",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="manifest_by_day")]

    def __str__(self) -> str:
        return self.number
