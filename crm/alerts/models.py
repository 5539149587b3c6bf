"""Who wants to be told when something is back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AlertState(models.TextChoices):
    ASKED = "asked", _("Waiting for a yes by mail")
    OPEN = "open", _("Waiting for stock")
    SENT = "sent", _("Told")
    STOPPED = "stopped", _("Stopped by the reader")
    CLOSED = "closed", _("Closed: no longer sold, or too old")


LIVE = (AlertState.ASKED, AlertState.OPEN)


class StockAlert(models.Model):
    """One reader's wish to be told, once, when a product can be bought again.

    ``product`` is what is bought: a variant, or a product without any. A stranger's wish counts
    after a yes from that mail box (``confirmed_at``); the queue is fair by that moment.
    """

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, related_name="stock_alerts"
    )
    email = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="stock_alerts",
    )
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=AlertState.choices, default=AlertState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "email"],
                condition=Q(state__in=LIVE),
                name="stock_alert_once_per_reader",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AlertState.values), name="stock_alert_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(confirmed_at__isnull=False),
                name="stock_alert_open_is_confirmed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "confirmed_at"],
                condition=Q(state="open"),
                name="stock_alert_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.product_id}"
