"""Goods on their way from one warehouse to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TransferState(models.TextChoices):
    DRAFT = "draft", _("Being put together")
    SENT = "sent", _("Under way")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


#: From each state, the states that may follow.
TRANSFER_NEXT = {
    TransferState.DRAFT: (TransferState.SENT, TransferState.CANCELLED),
    TransferState.SENT: (TransferState.RECEIVED,),
    TransferState.RECEIVED: (),
    TransferState.CANCELLED: (),
}


class Difference(models.TextChoices):
    """Why other units came than were sent."""

    LOST = "lost", _("Lost on the way")
    DAMAGED = "damaged", _("Damaged on the way")
    MISCOUNTED = "miscounted", _("Miscounted when it was sent")


class Transfer(models.Model):
    """From one warehouse to another. Between the two its units are on no shelf and cannot be sold."""

    source = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, related_name="sends", verbose_name=_("From")
    )
    target = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, related_name="gets", verbose_name=_("to")
    )
    state = models.CharField(
        max_length=10, choices=TransferState.choices, default=TransferState.DRAFT
    )
    note = models.CharField(_("Note"), max_length=200, blank=True)
    key = models.UUIDField(unique=True, help_text="of the form, so that it counts once")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="transfer_between_two_warehouses"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TransferState.values), name="transfer_state_known"
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__gte=F("sent_at")),
                name="transfer_received_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"T-{self.pk}"


class TransferLine(models.Model):
    """Units of one record: how many left, how many came, and why these are not the same."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    stock_record = models.ForeignKey("partner.StockRecord", on_delete=models.PROTECT)
    sent = models.PositiveIntegerField()
    received = models.PositiveIntegerField(null=True, blank=True)
    difference = models.CharField(max_length=12, choices=Difference.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "stock_record"], name="transfer_line_once_per_record"
            ),
            models.CheckConstraint(condition=Q(sent__gte=1), name="transfer_line_of_something"),
            models.CheckConstraint(
                condition=Q(received__isnull=True)
                | Q(received=F("sent"), difference="")
                | (~Q(received=F("sent")) & Q(difference__in=Difference.values)),
                name="transfer_difference_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent} x {self.stock_record_id}"
