"""How the feed for merchants was made, and what is wrong with its products."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RUNS_KEPT = 50


class Flaw(models.TextChoices):
    """What a merchant centre would refuse or regret."""

    NO_PRICE = "price", _("No price")
    NO_PICTURE = "picture", _("No picture")
    NO_TEXT = "text", _("No description: its name stands in")
    BAD_CODE = "code", _("The barcode is no GTIN: left out")
    LONG_NAME = "name", _("The name is too long: cut")


class FeedRun(models.Model):
    """One making of all the files. ``files``: by language, ``name``, ``digest`` and ``bytes``.

    A run without an end was stopped or is at work; ``error`` tells why one failed.
    """

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    items = models.PositiveIntegerField(default=0, help_text="in each of the files")
    left_out = models.PositiveIntegerField(default=0)
    files = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="feed_run_ends_after_start",
            ),
        ]

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


class FeedProblem(models.Model):
    """Of the latest run: one flaw of a product or variant; with ``is_left_out`` it is not in the feed."""

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="problems")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    flaw = models.CharField(max_length=10, choices=Flaw.choices)
    is_left_out = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "product", "flaw"], name="feed_problem_once_per_run"
            ),
        ]
        indexes = [models.Index(fields=["run", "flaw"], name="feed_problem_by_flaw")]
