"""Cycle counts: a few bins at a time are counted, so that the book and the shelf agree."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CountState(models.TextChoices):
    OPEN = "open", _("To count")
    WAITING = "waiting", _("Waits for a yes")
    BOOKED = "booked", _("Booked")
    REFUSED = "refused", _("Count again")


class CountReason(models.TextChoices):
    """Why the shelf and the book differ."""

    UNKNOWN = "unknown", _("Nobody knows")
    MISPLACED = "misplaced", _("Stood in another bin")
    DAMAGED = "damaged", _("Broken or spoiled")
    STOLEN = "stolen", _("Stolen")
    UNBOOKED = "unbooked", _("A move was not booked")


class CycleCount(models.Model):
    """A plan: these bins of a warehouse, on this day."""

    warehouse = models.ForeignKey(
        "supply.Warehouse",
        on_delete=models.PROTECT,
        related_name="counts",
        verbose_name=_("Warehouse"),
    )
    day = models.DateField(_("Day"))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    key = models.UUIDField(unique=True, help_text="of the form, so that it counts once")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"C-{self.pk}"


class CountLine(models.Model):
    """One record in one bin. ``book`` is what the book said at the moment of the count."""

    count = models.ForeignKey(CycleCount, on_delete=models.CASCADE, related_name="lines")
    bin = models.ForeignKey(
        "supply.Bin", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    bin_code = models.CharField(
        max_length=20, blank=True, help_text="what a bin was called that is gone"
    )
    stock_record = models.ForeignKey("partner.StockRecord", on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=CountState.choices, default=CountState.OPEN)
    book = models.IntegerField(null=True, blank=True)
    counted = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=CountReason.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    counted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("approve_countline", "Can approve a large difference of a count")]
        constraints = [
            models.UniqueConstraint(
                fields=["count", "bin", "stock_record"], name="count_line_once_per_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CountState.values), name="count_line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=CountState.OPEN)
                | Q(counted__isnull=False, book__isnull=False, counted_at__isnull=False),
                name="count_line_ended_was_counted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(CountState.WAITING, CountState.BOOKED))
                | Q(counted=F("book"))
                | ~Q(reason=""),
                name="count_difference_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(counted_by__isnull=True)
                | ~Q(decided_by=F("counted_by")),
                name="count_line_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.counted}"

    @property
    def place(self) -> str:
        """What the bin is called, or was called when it was there."""
        return self.bin.code if self.bin else self.bin_code

    @property
    def difference(self) -> int:
        return (self.counted or 0) - (self.book or 0)
