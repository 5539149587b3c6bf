"""What happens to an order beside its states: why it is held."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoldReason(models.TextChoices):
    FRAUD = "fraud", _("Fraud check")
    ADDRESS = "address", _("Address is unclear")
    STOCK = "stock", _("Goods are missing or damaged")
    OTHER = "other", _("Another reason")


class OrderHold(models.Model):
    """An order waits for somebody to look. While a row is open it is neither packed nor shipped."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20, choices=HoldReason.choices)
    words = models.CharField(max_length=500, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody: the shop itself",
    )
    held_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    release_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(released_at__isnull=True),
                name="hold_one_open_per_order",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=HoldReason.values), name="hold_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=HoldReason.OTHER, words=""), name="hold_other_has_words"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("held_at")),
                name="hold_released_after_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.words}".strip()
