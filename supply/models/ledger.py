"""The stock ledger."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIVED = "received", _("Goods received")
    SOLD = "sold", _("Sold and shipped")
    RETURNED = "returned", _("Returned by a customer")
    COUNTED = "counted", _("Corrected by a count")
    LOST = "lost", _("Lost or damaged")
    BROKEN = "broken", _("Broken in the warehouse")
    EXPIRED = "expired", _("Past its date")
    SCRAPPED = "scrapped", _("Came back unfit to be sold")
    TRANSFER = "transfer", _("Moved between warehouses")


#: Units that are gone without having been sold. The last comes with goods that come back.
WRITE_OFFS = (Reason.LOST, Reason.BROKEN, Reason.EXPIRED, Reason.SCRAPPED)


class StockMovement(models.Model):
    """One line of the stock ledger. Rows are added, never changed.

    The sum of ``quantity`` over a stock record and a warehouse is what that warehouse holds of it
    (`WarehouseStock`); over the warehouses that sell it is the record's ``num_in_stock``.
    """

    stock_record = models.ForeignKey(  # `movement_once_per_source` begins with it
        "partner.StockRecord", on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    warehouse = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, related_name="movements"
    )
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
                fields=["stock_record", "source", "warehouse"], name="movement_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["stock_record", "-moved_at"], name="movement_by_record"),
            models.Index(
                fields=["moved_at"],
                condition=Q(reason__in=WRITE_OFFS),
                name="movement_written_off",
            ),
        ]
        permissions = [("write_off_stock", "Can write off units")]
