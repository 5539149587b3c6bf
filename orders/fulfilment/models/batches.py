"""One step for many orders, done by a worker, with what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BatchAction(models.TextChoices):
    ROUTE = "route", _("Route")
    WAVE = "wave", _("Pick in a wave")
    PACK = "pack", _("Mark as packed")
    LABEL = "label", _("Buy labels")
    LEAVE = "leave", pgettext_lazy("parcel", "Hand over")
    HOLD = "hold", _("Put on hold")
    RELEASE = "release", _("Release")
    MESSAGE = "message", _("Write to customers")


class BatchState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class Batch(models.Model):
    """``action`` for each of its rows. The same ``key`` is the same batch.

    ``told``: what the action needs to know, the same for all: ``reason`` and ``words`` of a hold, ``text``
    of a message, ``carrier`` of labels.
    """

    action = models.CharField(max_length=10, choices=BatchAction.choices)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RUNNING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=12, default="en")
    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    beat_at = models.DateTimeField(default=timezone.now, help_text="when it last moved on")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="batch_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.total}"


class RowOutcome(models.TextChoices):
    WAITS = "waits", _("Waits")
    DONE = "done", _("Done")
    SAME = "same", _("Was so already")
    REFUSED = "refused", _("Not possible")


class BatchRow(models.Model):
    """One order of a batch. ``message`` is in the language of who began it."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices, default=RowOutcome.WAITS)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "order"], name="batch_row_once_per_order"),
            models.CheckConstraint(
                condition=Q(outcome__in=RowOutcome.values), name="batch_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.order_id}"
