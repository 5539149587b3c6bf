"""Price lists, and every price that a product ever had."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.core.utils import get_default_currency


class PriceList(models.Model):
    """Other prices than the products' own: for a time, for some people, from some quantity on.

    Among the lists that a shopper may use, those of the highest ``priority`` that name the product
    decide; among these the lowest price does.
    """

    name = models.CharField(_("Name"), max_length=80, help_text=_("Shoppers read it."))
    code = models.SlugField(_("Code"), max_length=40, unique=True)
    currency = models.CharField(_("Currency"), max_length=3, default=get_default_currency)
    starts_at = models.DateTimeField(_("Starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Ends"), null=True, blank=True)
    priority = models.SmallIntegerField(_("Priority"), default=0)
    group = models.ForeignKey(
        "auth.Group",
        on_delete=models.PROTECT,  # a list that loses its group would be everybody's
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("Only for the group"),
    )
    members_only = models.BooleanField(_("Only for members"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        ordering = ("-priority", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="price_list_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListEntry(models.Model):
    """What one costs in a list, tax included, from ``min_quantity`` units in one line on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="entries")
    stock_record = models.ForeignKey(
        "partner.StockRecord", on_delete=models.CASCADE, related_name="price_entries"
    )
    min_quantity = models.PositiveIntegerField(_("From quantity"), default=1)
    price = models.DecimalField(_("Price"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("stock_record", "min_quantity")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "stock_record", "min_quantity"], name="price_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1), name="price_entry_from_one_unit"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_entry_above_nothing"),
        ]


class PriceRecord(models.Model):
    """What one unit cost everybody from ``moment`` on. Rows are added, never changed.

    The database refuses UPDATE and DELETE, so nothing cascades here: rows outlive the product and
    the person. ``base`` is without reduction, ``now`` is what was paid.
    """

    stock_record = models.ForeignKey(
        "partner.StockRecord",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="price_records",
    )
    currency = models.CharField(max_length=3)
    base = models.DecimalField(max_digits=12, decimal_places=2)
    now = models.DecimalField(max_digits=12, decimal_places=2)
    moment = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=60, help_text="what caused it, e.g. list:members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("moment", "pk")
        indexes = [
            models.Index(fields=["stock_record", "-moment", "-id"], name="price_record_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(now__gte=0, base__gte=F("now")), name="price_record_now_within_base"
            ),
        ]
