"""Where stock stands: warehouses and their bins."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

WORKING_DAYS = "12345"
CUT_OFF = dt.time(14)


class Warehouse(models.Model):
    """A place that holds stock.

    What stands in one that is not sellable (goods to look at, a shop window) is on no stock record.
    ``working_days`` are ISO weekdays, 1 is Monday; an order of before ``cut_off`` (local time)
    leaves on the same working day. Of two as near as each other the lower ``rank`` is taken.
    """

    code = models.SlugField(_("Code"), unique=True)
    name = models.CharField(_("Name"), max_length=80)
    line1 = models.CharField(_("Street and number"), max_length=255, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True)
    city = models.CharField(_("City"), max_length=80, blank=True)
    country = models.ForeignKey(
        "address.Country", on_delete=models.PROTECT, verbose_name=_("Country")
    )
    is_default = models.BooleanField(default=False)
    is_sellable = models.BooleanField(
        _("Sells what it holds"),
        default=True,
        help_text=_("Untick it for goods that wait to be looked at or are on show."),
    )
    working_days = models.CharField(
        _("Working days"),
        max_length=7,
        default=WORKING_DAYS,
        validators=[RegexValidator(r"^[1-7]+$")],
    )
    cut_off = models.TimeField(
        _("Cut-off"),
        default=CUT_OFF,
        help_text=_("Orders of before this time leave on the same working day."),
    )
    holidays = ArrayField(models.DateField(), verbose_name=_("Holidays"), default=list, blank=True)
    rank = models.PositiveSmallIntegerField(
        _("Rank"), default=100, help_text=_("Of two that are as near the lower one sends.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="warehouse_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_sellable=True),
                name="warehouse_default_sells",
            ),
            models.CheckConstraint(
                condition=Q(working_days__regex=r"^[1-7]+$"), name="warehouse_works_some_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def works_on(self, day: dt.date) -> bool:
        return str(day.isoweekday()) in self.working_days and day not in self.holidays


class WarehouseStock(models.Model):
    """What one warehouse holds of one stock record: the balance of its part of the ledger.

    ``reserved`` of it is to leave from here for orders that were routed here. Written by
    `supply.services` under the lock of the stock record, or by one conditional ``UPDATE``.
    """

    stock_record = models.ForeignKey(  # `warehouse_stock_once` begins with it
        "partner.StockRecord",
        on_delete=models.CASCADE,
        related_name="in_warehouses",
        db_index=False,
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stock_record", "warehouse"], name="warehouse_stock_once"
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, on_hand__gte=F("reserved")),
                name="warehouse_stock_reserved_within_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} in {self.warehouse_id}"

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class Bin(models.Model):
    """A shelf with a name on it. Pickers walk by ``rank``, then by code."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="bins")
    code = models.CharField(_("Bin"), max_length=20)
    rank = models.PositiveIntegerField(_("Place on the walk"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="bin_has_code"),
        ]

    def __str__(self) -> str:
        return self.code


class BinStock(models.Model):
    """Units of a record in a bin. What a warehouse holds beyond its bins has no place yet.

    A picker takes units out of the bin before the parcel takes them out of the warehouse, so that
    the sum over bins is at most what the warehouse holds.
    """

    bin = models.ForeignKey(Bin, on_delete=models.CASCADE, related_name="stock")
    stock_record = models.ForeignKey(
        "partner.StockRecord", on_delete=models.CASCADE, related_name="in_bins"
    )
    units = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bin", "stock_record"], name="bin_stock_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="bin_stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.units} in {self.bin_id}"
