"""What buyers get without a parcel: files to fetch, and work that somebody does for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DownloadGrant(models.Model):
    """One buyer may fetch one file, so often and so long. ``used`` never passes ``allowed``."""

    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="grants")
    file = models.ForeignKey("kinds.ProductFile", on_delete=models.PROTECT, related_name="grants")
    allowed = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["order_line", "file"], name="grant_once_per_file"),
            models.CheckConstraint(
                condition=Q(used__lte=F("allowed")), name="grant_not_used_too_often"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.used}/{self.allowed}"

    @property
    def left(self) -> int:
        return self.allowed - self.used

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and not self.is_expired and self.left > 0


class ServiceJob(models.Model):
    """Work that was paid for; a clerk says when it is done."""

    order_line = models.OneToOneField(
        "order.Line", on_delete=models.PROTECT, related_name="service_job"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="job_done_or_cancelled",
            )
        ]

    def __str__(self) -> str:
        return f"job of line {self.order_line_id}"
